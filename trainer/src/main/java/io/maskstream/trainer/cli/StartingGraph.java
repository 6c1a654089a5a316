package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseMetadata;
import io.maskstream.trainer.export.ReleaseEnds;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.RandomStart;
import io.maskstream.trainer.surgery.ClassMapping;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.trainer.surgery.Retarget;
import io.maskstream.trainer.surgery.RetargetOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The graph that a run begins with.
///
/// @param model trainable: `image` in, `logits` of the wanted classes out
/// @param scoreFactor on the learning rate of the score layers: 10 if they are new, else 1
/// @param notes what was made of the file, in words
record StartingGraph(OnnxModel model, double scoreFactor, List<String> notes) {

  static final double NEW_SCORES = 10;
  private static final int PROBE = 224;

  /// The graph of a run that goes on.
  static StartingGraph of(Checkpoint checkpoint, double scoreFactor) {
    return new StartingGraph(checkpoint.model(), scoreFactor, List.of());
  }

  /// Makes the network that has a name, or a trainable graph of whatever the file holds.
  ///
  /// @param classes of the labelled pictures
  /// @param seed of random weights; 0 for those that a network's builder draws
  static StartingGraph of(InitOptions options, Palette classes, long seed) {
    options.known(); // a word that is wrong is told whether it is needed or not
    StartingGraph made =
        options.net == null ? ofFile(options, classes) : NamedNetwork.begin(options, classes);
    if (options.stage != null) {
      made = NamedNetwork.staged(made, options.stage);
    }
    boolean drawn = options.randomInit || options.beginsRandom() && seed != 0;
    OnnxModel model = drawn ? RandomStart.of(made.model(), seed) : made.model();
    ReleaseMetadata.putClasses(model, classes);
    return new StartingGraph(model, made.scoreFactor(), made.notes());
  }

  private static StartingGraph ofFile(InitOptions options, Palette classes) {
    NamedNetwork.refuseSecondStream(options);
    Path file = options.init;
    if (file == null) {
      throw new IllegalArgumentException(
          "--init FILE is missing: the graph to begin with; or --net NAME: a network to build");
    }
    OnnxModel given = read(file);
    return isTrainable(given)
        ? ofTrainable(given, options, classes, file)
        : ofThirdParty(given, options, classes, file);
  }

  /// The graph of a file, of a checkpoint, or within a release.
  static OnnxModel read(Path file) {
    OnnxModel given = Checkpoint.isOne(file) ? Checkpoint.read(file).model() : OnnxModel.read(file);
    return ReleaseEnds.areOn(given) ? ReleaseEnds.strip(given, file.toString()) : given;
  }

  static boolean isTrainable(OnnxModel model) {
    return model.graph().inputs().size() == 1
        && model.graph().inputs().getFirst().name().equals(Trainable.IMAGE)
        && model.graph().outputs().stream()
            .anyMatch(output -> output.name().equals(Trainable.LOGITS));
  }

  private static StartingGraph ofTrainable(
      OnnxModel given, InitOptions options, Palette classes, Path file) {
    long has =
        given.graph().outputs().stream()
            .filter(output -> output.name().equals(Trainable.LOGITS))
            .findFirst()
            .orElseThrow()
            .shape()
            .get(1)
            .size();
    Optional<Palette> named = ReleaseMetadata.classes(given);
    if (has == classes.size()
        && named.map(old -> old.names().equals(classes.names())).orElse(true)) {
      options.refuseEnlarge("learns on as it is");
      return new StartingGraph(
          GraphImport.normalise(given, file.toString()),
          1,
          List.of(file + " learns on with its " + has + " classes"));
    }
    return retargeted(given, options, classes, named, file);
  }

  private static StartingGraph ofThirdParty(
      OnnxModel given, InitOptions options, Palette classes, Path file) {
    long[] output = outputShape(given, file);
    boolean wherever = output.length == 4 && output[1] * output[3] > 1 && output[2] > 1;
    if (wherever) {
      Optional<Palette> named =
          ReleaseMetadata.classes(given).or(() -> guessed((int) Math.min(output[1], output[3])));
      return retargeted(given, options, classes, named, file);
    }
    options.refuseEnlarge("is a classifier");
    FcnOptions fcn = FcnOptions.of(classes.size(), options.finest()).with(options.variant());
    Optional<InitOptions.Known> known = options.known();
    if (known.isPresent()) {
      fcn = fcn.with(known.get().normalisation(), known.get().channels());
    }
    return new StartingGraph(
        Fcn.of(given, fcn),
        NEW_SCORES,
        List.of(
            file
                + " is a classifier; it becomes an FCN-"
                + options.finest()
                + "s of "
                + classes.size()
                + " classes"));
  }

  private static Optional<Palette> guessed(int count) {
    return switch (count) {
      case 19 -> Optional.of(Palette.known("cityscapes"));
      case 21 -> Optional.of(Palette.known("voc"));
      default -> Optional.empty();
    };
  }

  private static StartingGraph retargeted(
      OnnxModel given, InitOptions options, Palette classes, Optional<Palette> named, Path file) {
    Optional<Palette> from =
        options.knows == null ? named : Optional.of(InitOptions.palette(options.knows));
    RetargetOptions wanted = RetargetOptions.of(classes.size()).withEnlarge(options.enlarge);
    if (isTrainable(given)) {
      wanted = wanted.with(Normalisation.of(0, 1), Channels.RGB);
    }
    Optional<InitOptions.Known> known = options.known();
    if (known.isPresent()) {
      wanted = wanted.with(known.get().normalisation(), known.get().channels());
    }
    String begins = "all of them from zero";
    if (from.isPresent()) {
      ClassMapping mapping = ClassMapping.parse(from.get(), classes, options.classMap);
      wanted = wanted.with(mapping);
      begins =
          mapping.sources().stream().filter(ids -> !ids.isEmpty()).count()
              + " of them as "
              + "classes that it knows";
    } else if (!options.classMap.isEmpty()) {
      throw new IllegalArgumentException(
          file + " does not name its classes, which --class-map wants; name them with --knows");
    }
    return new StartingGraph(
        Retarget.of(given, wanted),
        NEW_SCORES,
        List.of(
            file
                + " is a segmentation net; its score layer gets "
                + classes.size()
                + " classes, "
                + begins
                + (options.enlarge == 1
                    ? ""
                    : "; it sees pictures enlarged by " + options.enlarge)));
  }

  /// The shape of the first output, for one picture.
  private static long[] outputShape(OnnxModel given, Path file) {
    OnnxModel model = GraphImport.normalise(given, file.toString());
    Map<String, long[]> inputs = new HashMap<>();
    for (OnnxValue input : model.graph().inputs()) {
      long[] shape =
          input.shape().stream().mapToLong(side -> side.isFixed() ? side.size() : -1).toArray();
      for (int axis = 0; axis < shape.length; axis++) {
        boolean colours = shape.length == 4 && axis == 1 && shape[3] != 3;
        shape[axis] = shape[axis] > 0 ? shape[axis] : axis == 0 ? 1 : colours ? 3 : PROBE;
      }
      inputs.put(input.name(), shape);
    }
    return Shapes.of(model.graph(), inputs).of(model.graph().outputs().getFirst().name());
  }
}
