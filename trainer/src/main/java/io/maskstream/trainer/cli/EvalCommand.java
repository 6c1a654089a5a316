package io.maskstream.trainer.cli;

import io.maskstream.painting.ClassPicture;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.score.PictureScores;
import io.maskstream.trainer.score.PictureScores.PictureScore;
import io.maskstream.trainer.score.PictureSheet;
import io.maskstream.trainer.score.ScoreReport;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.SolverException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Judges a net on labelled pictures.
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Judges a net on labelled pictures, each at its own size.",
      "A trained graph or checkpoint runs in libtorch, a release in ONNX Runtime, as in the "
          + "processor."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train eval runs/camvid/best.onnx --data camvid --sheet sheet.png",
      "  maskstream train eval fcn8s.onnx --data camvid --split test -o json"
    })
final class EvalCommand implements Runnable {

  private static final int SHOWN = 4;

  /// How the scores are written.
  enum Format {
    TABLE,
    JSON
  }

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "best.onnx, last.checkpoint, or a release.")
  Path file = Path.of("");

  @Mixin SetOptions set = new SetOptions();
  @Mixin DeviceOptions device = new DeviceOptions();

  @Option(
      names = "--split",
      defaultValue = "val",
      description = "Which of the pictures (default: ${DEFAULT-VALUE}).")
  String split = "val";

  @Option(
      names = "--sheet",
      paramLabel = "PNG",
      description = "Paints the worst and some typical pictures: truth, prediction, error.")
  @Nullable Path sheet;

  @Option(names = "-o", defaultValue = "table", description = "table or json.")
  Format format = Format.TABLE;

  @Override
  public void run() {
    LabelledSet pictures = set.open(split, true);
    PictureScores scores = new PictureScores();
    try (Net net = Net.open(file, device.placement())) {
      net.palette()
          .ifPresent(palette -> {
            if (palette.size() != pictures.classes().size()) {
              throw new SolverException(
                  file
                      + " knows "
                      + palette.size()
                      + " classes ("
                      + palette
                      + "), the pictures have "
                      + pictures.classes().size()
                      + " ("
                      + pictures.classes()
                      + ")");
            }
          });
      ConfusionMatrix matrix = new Evaluator(pictures).judge(net, scores::add);
      ScoreReport report = new ScoreReport(pictures.classes(), pictures.size(), matrix);
      spec.commandLine().getOut().println(format == Format.JSON ? report.json() : report.text());
      if (sheet != null) {
        PictureSheet.write(rows(pictures, scores, net), pictures.classes(), sheet);
        spec.commandLine().getErr().println("wrote " + sheet);
      }
    }
  }

  private static List<PictureSheet.Row> rows(LabelledSet pictures, PictureScores scores, Net net) {
    List<PictureScore> shown = new ArrayList<>(scores.worst(SHOWN));
    shown.addAll(scores.typical(SHOWN, shown.size()));
    List<PictureSheet.Row> rows = new ArrayList<>();
    for (PictureScore one : shown) {
      LabelledPicture truth = pictures.read(one.index());
      rows.add(
          new PictureSheet.Row(
              String.format(Locale.ROOT, "%s, mean IoU %.3f", one.name(), one.meanIou()),
              truth.picture(),
              truth.labels(),
              new ClassPicture(truth.width(), truth.height(), net.classes(truth.picture()))));
    }
    return rows;
  }
}
