package io.maskstream.release;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Layout;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a release of a third-party graph, by surgery, and verifies it against that graph before
/// anything is written.
public final class Packager {

  private final GraphRunner runner;

  public Packager(GraphRunner runner) {
    this.runner = runner;
  }

  /// Packages a file.
  ///
  /// @throws ReleaseException if the graph cannot become a release, or does not do the same as one
  public Packaged pack(Path file, PackagingOptions options) {
    try {
      return pack(Files.readAllBytes(file), file.toString(), options);
    } catch (NoSuchFileException e) {
      throw new ReleaseException("there is no file " + file + "; check the path", e);
    } catch (IOException e) {
      throw new ReleaseException("cannot read " + file + ": " + e, e);
    }
  }

  /// Packages the bytes of a file.
  ///
  /// @param source names them in errors and in the release
  public Packaged pack(byte[] bytes, String source, PackagingOptions options) {
    ThirdPartyGraph original = new ThirdPartyGraph(bytes, source, options);
    OnnxValue input = original.input();
    Layout layout = original.layout();
    Normalisation norm = original.normalisation();
    InputSize inputSize = original.inputSize();
    Size size = probeSize(inputSize, 1);
    Anatomy anatomy;
    try (Running running = original.open(runner, Optional.empty())) {
      anatomy = original.anatomy(running, size, norm);
    }
    try (Running running = original.open(runner, Optional.of(anatomy))) {
      Map<String, Tensor> seen = original.run(running, Probe.draw(size, 1), size, norm);
      Facts facts = facts(original, anatomy, seen, layout, norm, inputSize, options);
      Comparison comparison = new Comparison(original, running, anatomy, facts.classesAxis(), norm);
      boolean batchFixed = input.shape().getFirst().isFixed();
      String whyNot;
      try {
        Packaged free = attempt(original, facts, options, bytes, comparison, true);
        whyNot = free.verification().batchDiffering() + " pixels differ in a batch of 2";
        if (free.verification().batchDiffering() == 0) {
          if (batchFixed) {
            free.notes().add("the batch, fixed to 1, was made free");
          }
          return free;
        }
      } catch (BatchRefused e) {
        whyNot = String.valueOf(e.getMessage());
      }
      Packaged single = attempt(original, facts, options, bytes, comparison, false);
      single.notes().add("one frame a run, because the graph takes no batch: " + whyNot);
      return single;
    }
  }

  /// What surgery needs to know.
  ///
  /// @param classesAxis of the original output, where it holds scores
  /// @param mapShape of the original output
  /// @param gridShape of the scores before upsampling
  private record Facts(
      Layout layout,
      Normalisation norm,
      InputSize inputSize,
      Palette palette,
      int classesAxis,
      long[] mapShape,
      Optional<long[]> gridShape) {}

  private Facts facts(
      ThirdPartyGraph original,
      Anatomy anatomy,
      Map<String, Tensor> seen,
      Layout layout,
      Normalisation norm,
      InputSize inputSize,
      PackagingOptions options) {
    Tensor output = seen.get(anatomy.output().name());
    if (output == null) {
      throw new ReleaseException(original + " gives no tensor as " + anatomy.output());
    }
    Optional<long[]> gridShape =
        anatomy.grid().map(grid -> seen.get(grid.value())).map(Tensor::shape);
    Optional<Integer> classes =
        anatomy.grid().flatMap(grid -> gridShape.map(shape -> (int) shape[grid.axis()]));
    return new Facts(
        layout,
        norm,
        inputSize,
        palette(original, classes, options),
        output instanceof Tensor.Floats
            ? original.classesAxis(output.shape(), probeSize(inputSize, 1))
            : 0,
        output.shape(),
        gridShape);
  }

  private static Palette palette(
      ThirdPartyGraph original, Optional<Integer> classes, PackagingOptions options) {
    if (options.palette().isPresent()) {
      Palette palette = options.palette().get();
      if (classes.isPresent() && classes.get() != palette.size()) {
        throw new ReleaseException(
            original
                + " scores "
                + classes.get()
                + " classes, but "
                + palette.size()
                + " are named: "
                + palette
                + "; give --classes a file with as many lines");
      }
      return palette;
    }
    if (classes.isEmpty()) {
      throw new ReleaseException(
          original
              + " gives class ids and does not say how many there are; name them with "
              + "--classes");
    }
    Palette guessed =
        switch (classes.get()) {
          case 19 -> Palette.known("cityscapes");
          case 21 -> Palette.known("voc");
          case 11 -> Palette.known("camvid");
          default -> Palette.numbered(classes.get());
        };
    original
        .notes()
        .add(
            classes.get()
                + " classes, taken for "
                + guessed.names().getFirst()
                + ", "
                + guessed.names().get(1)
                + ", ...; name them with --classes if they are others");
    return guessed;
  }

  /// A graph could be built for batches, but does not run with one.
  private static final class BatchRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    BatchRefused(RuntimeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Packaged attempt(
      ThirdPartyGraph original,
      Facts facts,
      PackagingOptions options,
      byte[] bytes,
      Comparison comparison,
      boolean freeBatch) {
    OnnxModel model = original.model().copy();
    OpsetUpgrade.apply(model);
    build(model, original, facts, freeBatch);
    describe(model, original, facts, options, bytes);
    byte[] packaged = model.toBytes();
    Verification verification = Verification.NOTHING;
    List<String> notes = new ArrayList<>(original.notes());
    try (Running release = runner.open(packaged, "the release of " + original)) {
      for (int round = 1; round <= 2; round++) {
        Size size = probeSize(facts.inputSize(), round);
        verification = verification.plus(comparison.single(release, Probe.draw(size, round), size));
      }
      Size size = probeSize(facts.inputSize(), 1);
      if (freeBatch) {
        verification = verification.plus(pair(comparison, release, size));
      }
      notes.addAll(GoldenFrames.put(model, facts.inputSize(), release));
    }
    if (!verification.holds()) {
      throw new ReleaseException(
          "the release of "
              + original
              + " does not do what the graph does, nothing was written: "
              + verification
              + "; this is a fault of packaging, please report the graph's "
              + "operators: "
              + model.graph().nodes().stream().map(n -> n.operator()).distinct().toList());
    }
    return new Packaged(
        model, ReleaseFile.of(model.toBytes(), "the release of " + original), verification, notes);
  }

  private static Verification pair(Comparison comparison, Running release, Size size) {
    try {
      return comparison.pair(release, Probe.draw(size, 1), Probe.draw(size, 2), size);
    } catch (RuntimeException e) {
      throw new BatchRefused(e);
    }
  }

  private static void build(
      OnnxModel model, ThirdPartyGraph original, Facts facts, boolean freeBatch) {
    int output = original.model().graph().outputs().indexOf(original.output());
    Surgery surgery = new Surgery(model);
    OnnxValue input = model.graph().inputs().getFirst();
    Anatomy anatomy =
        Anatomy.of(model.graph(), model.graph().outputs().get(output), facts.classesAxis());
    OnnxDimension batch = freeBatch ? OnnxDimension.free("N") : OnnxDimension.fixed(1);
    if (freeBatch && input.shape().getFirst().isFixed()) {
      surgery.freeBatch();
    }
    OnnxDimension height = side(facts.inputSize(), false);
    OnnxDimension width = side(facts.inputSize(), true);
    OnnxValue frames =
        new OnnxValue(
            ReleaseFile.INPUT,
            OnnxType.UINT8,
            List.of(batch, height, width, OnnxDimension.fixed(3)));
    surgery.frontFrom(frames, input, facts.layout(), original.channels(), facts.norm());
    surgery.classesFrom(anatomy, facts.mapShape().length);
    boolean fixed = facts.inputSize() instanceof InputSize.Fixed;
    List<OnnxValue> outputs = new ArrayList<>();
    int mapAxis = facts.classesAxis() == 3 ? 1 : facts.mapShape().length - 2;
    boolean idsLast =
        anatomy.map().isPresent() && facts.mapShape().length == 4 && facts.mapShape()[1] != 1;
    outputs.add(
        Surgery.map(
            ReleaseFile.CLASSES,
            batch,
            length(fixed, facts.mapShape()[idsLast ? 1 : mapAxis], "h"),
            length(fixed, facts.mapShape()[idsLast ? 2 : mapAxis + 1], "w")));
    if (anatomy.grid().isPresent()) {
      surgery.confidenceFrom(anatomy.grid().get());
      long[] shape = facts.gridShape().orElseThrow();
      int axis = anatomy.grid().get().axis() == 1 ? 2 : 1;
      outputs.add(
          Surgery.map(
              ReleaseFile.CONFIDENCE,
              batch,
              length(fixed, shape[axis], "hc"),
              length(fixed, shape[axis + 1], "wc")));
    }
    surgery.finish(outputs);
  }

  private static OnnxDimension side(InputSize size, boolean width) {
    return switch (size) {
      case InputSize.Fixed(Size only) -> OnnxDimension.fixed(width ? only.width() : only.height());
      case InputSize.Free _ -> OnnxDimension.free(width ? "W" : "H");
    };
  }

  private static OnnxDimension length(boolean fixed, long length, String name) {
    return fixed ? OnnxDimension.fixed(length) : OnnxDimension.free(name);
  }

  private static void describe(
      OnnxModel model,
      ThirdPartyGraph original,
      Facts facts,
      PackagingOptions options,
      byte[] bytes) {
    ReleaseMetadata.put(
        model, options.name(), options.version(), facts.palette(), facts.inputSize());
    Map<String, String> metadata = model.metadata();
    Path file = Path.of(original.toString()).getFileName();
    metadata.put(ReleaseMetadata.SOURCE, file + " sha256:" + sha256(bytes));
    metadata.put(
        ReleaseMetadata.PREPROCESSING,
        options.channels() + " " + facts.layout() + " " + facts.norm());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /// A size to try; not square, so that swapped axes show.
  private static Size probeSize(InputSize inputSize, int round) {
    return switch (inputSize) {
      case InputSize.Fixed(Size size) -> size;
      case InputSize.Free free ->
          new Size(
              free.multiple() * Math.max(3, 192 * round / free.multiple()),
              free.multiple() * Math.max(2, 128 / free.multiple()));
    };
  }
}
