package io.maskstream.trainer.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells what recipes there are, and what one says.
@Command(
    name = "recipe",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the published recipes, or prints all that one says.",
      "What it prints is a recipe too: keep it in a file that ends in .recipe, and change it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train recipe",
      "  maskstream train recipe voc-fcn8s > mine.recipe",
      "  maskstream train fit --recipe mine.recipe --init fcn16s.onnx --data SBD --val-data VOC2011"
          + " --out runs/fcn8s"
    })
final class RecipeCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A recipe, or a .recipe file.")
  @Nullable String name;

  @Override
  public void run() {
    CommandLine commandLine = spec.commandLine();
    if (name == null) {
      var titles = RecipeFile.published();
      int width = titles.keySet().stream().mapToInt(String::length).max().orElse(0);
      titles.forEach((recipe, title) ->
          commandLine.getOut().println(recipe + " ".repeat(width + 2 - recipe.length()) + title));
      return;
    }
    CommandSpec fit = new CommandLine(new FitCommand()).getCommandSpec();
    commandLine.getOut().println(RecipeFile.read(name, RecipeFile.optionsOf(fit)).text());
  }
}
