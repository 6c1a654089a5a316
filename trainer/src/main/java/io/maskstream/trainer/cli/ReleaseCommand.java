package io.maskstream.trainer.cli;

import io.maskstream.camera.Scene.Look;
import io.maskstream.cli.PushOptions;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseMetadata;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.export.Exporter;
import io.maskstream.trainer.export.ModelCard;
import io.maskstream.trainer.export.ReleaseRun;
import io.maskstream.trainer.score.ScoreReport;
import io.maskstream.trainer.solver.Evaluator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a release of a trained graph.
@Command(
    name = "release",
    description = {
      "Makes a release of a trained graph: bytes in, classes and confidence out, as the processor "
          + "loads it.",
      "It is checked against the trained graph, pixel by pixel, before it is written. A model card "
          + "is written beside it. With --data it is judged too, and says its scores."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train release runs/camvid/best.onnx --data camvid --out fcn8s.onnx",
      "  maskstream train release runs/camvid/best.onnx --out fcn8s.onnx --push s3://models/city",
      "  maskstream run -X bootstrap.servers=localhost:9092 -X model=fcn8s.onnx"
    })
final class ReleaseCommand implements Runnable {

  private static final int COMPARED = 5;

  @Spec CommandSpec spec;

  // Not the standard help options: their --version would be taken for the release's.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  boolean help;

  @Parameters(paramLabel = "FILE", description = "best.onnx or last.checkpoint of a run.")
  Path file = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the release; its card gets the ending .md.")
  Path out = Path.of("");

  @Option(names = "--name", description = "Of the release (default: that of the file).")
  @Nullable String name;

  @Option(names = "--version", defaultValue = "1", description = "Of the release.")
  String version = "1";

  @Option(
      names = "--split",
      defaultValue = "val",
      description = "Of the pictures, to be judged on (default: ${DEFAULT-VALUE}).")
  String split = "val";

  @Option(
      names = "--trained-on",
      paramLabel = "TEXT",
      description = "What to say of the training pictures (default: the name of --data).")
  @Nullable String trainedOn;

  @Mixin SetOptions set = new SetOptions();

  @Option(
      names = "--push",
      paramLabel = "STORE",
      description =
          "Puts the release into this store too, as `maskstream model push` does: a path, "
              + "file:///PATH or s3://BUCKET/FOLDER.")
  @Nullable String store;

  @Mixin PushOptions push = new PushOptions();

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    OnnxModel trained = Net.trainable(file);
    Optional<LabelledSet> pictures =
        set.isGiven() ? Optional.of(set.open(split, true)) : Optional.empty();
    Palette palette =
        ReleaseMetadata.classes(trained)
            .or(() -> pictures.map(LabelledSet::classes))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    file + " names no classes; give --data, whose classes it has"));
    String learnt = trainedOn != null ? trainedOn : set.isGiven() ? set.name() : "not said";
    Map<String, String> story = new LinkedHashMap<>();
    story.put("maskstream.trained_on", learnt);
    Exporter.Exported made =
        Exporter.export(
            trained,
            file.toString(),
            name != null ? name : String.valueOf(out.getFileName()).replaceAll("\\.onnx$", ""),
            version,
            palette,
            story,
            compared(pictures));
    made.packaged().notes().forEach(err::println);
    err.println("against the trained graph: " + made.agreement());
    Optional<ScoreReport> report = pictures.map(judged -> report(made, judged));
    made.packaged().write(out);
    ReleaseFile release = ReleaseFile.read(out);
    Path card =
        out.resolveSibling(String.valueOf(out.getFileName()).replaceAll("\\.onnx$", "") + ".md");
    ModelCard written =
        new ModelCard(
            release,
            learnt,
            set.isGiven() ? set.name() + " " + split : "",
            report,
            made.agreement());
    try {
      Files.writeString(card, written.markdown());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + card + ": " + e.getMessage(), e);
    }
    report.ifPresent(
        scored -> err.printf(Locale.ROOT, "mean IoU %.4f%n", scored.scores().meanIou()));
    err.flush();
    spec.commandLine().getOut().println(out + "\n" + card);
    if (store != null) {
      spec.commandLine().getOut().println(push.push(store, out).uri());
    }
  }

  /// Pictures to compare on: real ones where there are, else scenes of an odd size.
  private static List<RgbPicture> compared(Optional<LabelledSet> pictures) {
    LabelledSet from = pictures.orElseGet(() -> Scenes.of(3, COMPARED, 331, 243, Look.VARIED));
    List<RgbPicture> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(COMPARED, from.size()); i++) {
      chosen.add(from.read(i * (from.size() / Math.min(COMPARED, from.size()))).picture());
    }
    return chosen;
  }

  private static ScoreReport report(Exporter.Exported made, LabelledSet judged) {
    try (ReleaseRun run = new ReleaseRun(made.packaged().release())) {
      return new Evaluator(judged).judge(run, _ -> {}).report();
    }
  }
}
