package io.maskstream.trainer.cli;

import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Survey;
import io.maskstream.trainer.score.UpperBounds;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what labelled pictures hold.
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    description = {
      "Reads every labelled picture once and says what there is: sizes, classes, what cannot be "
          + "used.",
      "The exit code is 1 if a picture cannot be used."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train data --data camvid --split train",
      "  maskstream train data --data VOCdevkit --set vocaug"
    })
final class DataCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin SetOptions set = new SetOptions();

  @Option(
      names = "--split",
      defaultValue = "train",
      description = "Which of the pictures (default: ${DEFAULT-VALUE}).")
  String split = "train";

  @Option(
      names = "--bounds",
      description =
          "Also says the best mean IoU of scores on grids of 1/128 to 1/4 of the picture's size.")
  boolean bounds;

  @Override
  public Integer call() {
    LabelledSet pictures = set.open(split, false);
    Survey survey = Survey.of(pictures, _ -> {});
    spec.commandLine().getOut().println(survey.text());
    if (bounds && survey.problems().isEmpty()) {
      spec.commandLine().getOut().println(UpperBounds.of(pictures).text());
    }
    return survey.problems().isEmpty() ? 0 : 1;
  }
}
