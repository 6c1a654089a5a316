package io.maskstream.trainer.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What a recipe says takes the place of a command's defaults; what is typed goes before both.
///
/// @param lines values by option, without dashes
/// @param renamed what an option of the command is called in a recipe, where that is another name
record RecipeDefaults(Map<String, String> lines, Map<String, String> renamed)
    implements IDefaultValueProvider {

  /// Fills a command from a recipe and the words that were typed.
  ///
  /// @param typed the same command as it was typed, whose streams it shares
  static void parse(
      Object command,
      String recipe,
      Map<String, String> renamed,
      List<String> words,
      CommandLine typed) {
    CommandLine fit = new CommandLine(new FitCommand());
    RecipeFile read = RecipeFile.read(recipe, RecipeFile.optionsOf(fit.getCommandSpec()));
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(typed.getOut())
        .setErr(typed.getErr())
        .setDefaultValueProvider(new RecipeDefaults(read.options(), renamed))
        .parseArgs(words.toArray(String[]::new));
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = RecipeFile.key(option);
    String other = lines.get(renamed.getOrDefault(name, name));
    return other != null ? other : lines.get(name);
  }
}
