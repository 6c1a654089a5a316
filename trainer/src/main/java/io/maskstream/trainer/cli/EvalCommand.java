package io.maskstream.trainer.cli;

import io.maskstream.painting.ClassPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.score.BoundaryCounts;
import io.maskstream.trainer.score.Json;
import io.maskstream.trainer.score.PictureScores;
import io.maskstream.trainer.score.PictureScores.PictureScore;
import io.maskstream.trainer.score.PictureSheet;
import io.maskstream.trainer.score.ScoreReport;
import io.maskstream.trainer.solver.Evaluation;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.Judgement;
import io.maskstream.trainer.solver.SolverException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Judges a net on labelled pictures.
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Judges a net on labelled pictures, each whole and at its own size unless told otherwise.",
      "A trained graph or checkpoint runs in libtorch, a release in ONNX Runtime, as in the "
          + "processor."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train eval runs/camvid/best.onnx --data camvid --sheet sheet.png",
      "  maskstream train eval fcn8s.onnx --data camvid --split test -o json",
      "  maskstream train eval best.onnx --data cityscapes --slide 769x769 --slide-step 513x513 \\",
      "      --scales 0.5,0.75,1,1.25,1.5,1.75 --mirror"
    })
final class EvalCommand implements Runnable {

  private static final int SHOWN = 4;

  /// What a recipe calls these options.
  private static final Map<String, String> IN_RECIPES =
      Map.of("split", "val-split", "set", "val-set");

  /// How the scores are written.
  enum Format {
    TABLE,
    JSON
  }

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "best.onnx, last.checkpoint, or a release.")
  Path file = Path.of("");

  @Mixin SetOptions set = new SetOptions();
  @Mixin EvaluationOptions options = new EvaluationOptions();
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

  @Option(
      names = "--boundary",
      description =
          "Tells boundary IoU too: of the pixels near a class's edge alone (Cheng et al. 2021).")
  boolean boundary;

  @Option(
      names = "--confusion",
      description = "Prints what the pixels of each class were taken for; JSON has it always.")
  boolean confusion;

  @Option(names = "-o", defaultValue = "table", description = "table or json.")
  Format format = Format.TABLE;

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "Judges as a published recipe does, or a .recipe file: its data set, split and windows.")
  @Nullable String recipe;

  @Override
  public void run() {
    try {
      EvalCommand told = recipe == null ? this : parsed(recipe);
      told.judge(told.options.evaluation());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private EvalCommand parsed(String named) {
    List<String> all = spec.commandLine().getParseResult().originalArgs();
    List<String> words = all.subList(all.indexOf(spec.name()) + 1, all.size());
    EvalCommand told = new EvalCommand();
    RecipeDefaults.parse(told, named, IN_RECIPES, words, spec.commandLine());
    return told;
  }

  private void judge(Evaluation evaluation) {
    LabelledSet pictures = options.shown(set.open(split, true));
    Evaluator evaluator = new Evaluator(pictures, evaluation);
    PictureScores scores = new PictureScores();
    BoundaryCounts boundaries = new BoundaryCounts(pictures.classes().size());
    try (Net net = Net.open(file, device.placement(), evaluation)) {
      net.palette().ifPresent(palette -> refuseOthers(palette, pictures));
      Judgement judgement =
          evaluator.judge(
              net,
              judged -> {
                scores.add(judged.index(), judged.truth().name(), judged.matrix());
                if (boundary) {
                  boundaries.add(judged.truth().labels(), judged.predicted());
                }
              });
      ScoreReport report = judgement.report();
      tell(boundary ? report.along(boundaries) : report, judgement.further());
      if (sheet != null) {
        PictureSheet.write(rows(pictures, scores, net), pictures.classes(), sheet);
        spec.commandLine().getErr().println("wrote " + sheet);
      }
    }
  }

  private void refuseOthers(Palette palette, LabelledSet pictures) {
    if (palette.size() != pictures.classes().size()) {
      throw new SolverException(
          "%s knows %d classes (%s), the pictures have %d (%s)"
              .formatted(
                  file, palette.size(), palette, pictures.classes().size(), pictures.classes()));
    }
  }

  private void tell(ScoreReport report, Map<String, ScoreReport> further) {
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case JSON -> {
        Map<String, Object> properties = report.properties();
        further.forEach((output, other) -> properties.put(output, other.properties()));
        out.println(Json.write(properties));
      }
      case TABLE -> {
        tell(report, out);
        further.forEach((output, other) -> {
          out.println(output + ":");
          tell(other, out);
        });
      }
    }
    out.flush();
  }

  private void tell(ScoreReport report, PrintWriter out) {
    out.println(report.text());
    if (confusion) {
      out.println(report.confusion());
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
              new ClassPicture(
                  truth.width(), truth.height(), Evaluator.predicted(net.classes(truth), truth))));
    }
    return rows;
  }
}
