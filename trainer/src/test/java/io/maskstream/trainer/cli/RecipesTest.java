package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.trainer.data.GeneratedSets;
import io.maskstream.trainer.solver.Solver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every published recipe, and the commands that use them.
class RecipesTest {

  private static final Set<String> OPTIONS =
      RecipeFile.optionsOf(new CommandLine(new FitCommand()).getCommandSpec());

  /// Keys by which recipes differ that train alike for two steps.
  private static final Set<String> LENGTHS = Set.of("steps", "epochs", "evaluate-every", "lr");

  @TempDir static Path sets;
  @TempDir Path folder;

  /// The table of mmsegmentation's FCN: 29 rows for Cityscapes, 4 for ADE20K, 4 for VOC, 4 for
  /// PASCAL-Context.
  @Test
  void thereIsOneForEachRowOfMmsegmentationsTableOfFcn() {
    Set<String> rows = new TreeSet<>();
    for (String size : List.of("512x1024", "769x769")) {
      for (String row : List.of("r50-d8_4xb2-40k", "r50-d8_4xb2-80k", "r101-d8_4xb2-40k")) {
        rows.add("fcn_" + row + "_cityscapes-" + size);
      }
      for (String row : List.of("r101-d8", "r18-d8", "r18b-d8", "r50b-d8", "r101b-d8")) {
        rows.add("fcn_" + row + "_4xb2-80k_cityscapes-" + size);
      }
      for (String row : List.of("r50-d16", "r101-d16")) {
        rows.add("fcn-d6_" + row + "_4xb2-40k_cityscapes-" + size);
        rows.add("fcn-d6_" + row + "_4xb2-80k_cityscapes-" + size);
      }
      rows.add("fcn-d6_r50b-d16_4xb2-80k_cityscapes-" + size);
      rows.add("fcn-d6_r101b-d16_4xb2-80k_cityscapes-" + size);
    }
    rows.add("fcn_r101-d8_4xb2-amp-80k_cityscapes-512x1024");
    for (String net : List.of("r50-d8", "r101-d8")) {
      rows.add("fcn_" + net + "_4xb4-80k_ade20k-512x512");
      rows.add("fcn_" + net + "_4xb4-160k_ade20k-512x512");
      rows.add("fcn_" + net + "_4xb4-20k_voc12aug-512x512");
      rows.add("fcn_" + net + "_4xb4-40k_voc12aug-512x512");
    }
    for (String steps : List.of("40k", "80k")) {
      rows.add("fcn_r101-d8_4xb4-" + steps + "_pascal-context-480x480");
      rows.add("fcn_r101-d8_4xb4-" + steps + "_pascal-context-59-480x480");
    }
    assertThat(rows).hasSize(41);
    assertThat(
            RecipeFile.published().keySet().stream().filter(name -> name.matches("fcn(-d6)?_.*")))
        .containsExactlyInAnyOrderElementsOf(rows);
  }

  /// The solvers of the reference nets, as their prototxt files have them.
  @ParameterizedTest
  @CsvSource({
    "voc-fcn32s,             1e-10, 0.99, sum,  1,  100000",
    "voc-fcn16s,             1e-12, 0.99, sum,  1,  100000",
    "voc-fcn8s,              1e-14, 0.99, sum,  1,  100000",
    "voc-fcn8s-atonce,       1e-10, 0.99, sum,  1,  300000",
    "voc-fcn-alexnet,        1e-4,  0.9,  mean, 20, 100000",
    "nyud-fcn32s-color,      1e-10, 0.99, sum,  1,  100000",
    "nyud-fcn32s-hha,        1e-10, 0.99, sum,  1,  100000",
    "nyud-fcn32s-color-d,    1e-10, 0.99, sum,  1,  100000",
    "nyud-fcn32s-color-hha,  1e-12, 0.99, sum,  1,  100000",
    "siftflow-fcn32s,        1e-10, 0.99, sum,  1,  100000",
    "siftflow-fcn16s,        1e-12, 0.99, sum,  1,  100000",
    "siftflow-fcn8s,         1e-12, 0.99, sum,  1,  100000",
    "pascalcontext-fcn32s,   1e-10, 0.99, sum,  1,  300000",
    "pascalcontext-fcn16s,   1e-12, 0.99, sum,  1,  300000",
    "pascalcontext-fcn8s,    1e-14, 0.99, sum,  1,  300000"
  })
  void saysWhatTheSolverOfTheReferenceNetSays(
      String name, String lr, String momentum, String loss, String accumulate, String steps) {
    Map<String, String> options = RecipeFile.read(name, OPTIONS).options();
    assertThat(options)
        .containsEntry("lr", lr)
        .containsEntry("momentum", momentum)
        .containsEntry("loss", loss)
        .containsEntry("steps", steps)
        .containsEntry("batch", "1")
        .containsEntry("weight-decay", "0.0005")
        .containsEntry("sampling", "drawn")
        .containsEntry("no-augmentation", "true");
    assertThat(options.getOrDefault("accumulate", "1")).isEqualTo(accumulate);
  }

  static Stream<String> distinct() {
    Map<Map<String, String>, String> byContent = new LinkedHashMap<>();
    for (String name : RecipeFile.published().keySet()) {
      Map<String, String> content = new LinkedHashMap<>(RecipeFile.read(name, OPTIONS).options());
      content.keySet().removeAll(LENGTHS);
      byContent.putIfAbsent(content, name);
    }
    return byContent.values().stream();
  }

  /// At a sixteenth of the width and on small pictures; nothing else is changed.
  @ParameterizedTest
  @MethodSource("distinct")
  void buildsTakesTwoStepsOnASetOfItsFormatAndIsJudged(String name) throws IOException {
    List<String> words = words(name, folder.resolve("run"));
    if (name.contains("-os8_")) { // goes on from stride 16, whose batch norms have statistics
      Path before = folder.resolve("before");
      assertThat(type(words(name.replace("-os8_", "-os16_"), before)).code()).isZero();
      words.addAll(List.of("--init", before.resolve(Solver.BEST).toString()));
    }
    Answer fit = type(words);
    assertThat(fit.code()).as(fit.err()).isZero();
    assertThat(fit.err()).contains("done after step 2; best mean IoU");
    assertThat(Files.readString(folder.resolve("run/log.jsonl"))).contains("\"loss\"");
    assertThat(folder.resolve("run").resolve(Solver.BEST)).exists();
  }

  private static List<String> words(String name, Path out) throws IOException {
    Map<String, String> options = RecipeFile.read(name, OPTIONS).options();
    List<String> words = new ArrayList<>(List.of("fit", "--recipe", name, "--thin", "16"));
    words.addAll(List.of("--data", laid(options.getOrDefault("set", "")).toString()));
    if (options.containsKey("val-set")) {
      words.addAll(List.of("--val-data", laid(options.getOrDefault("val-set", "")).toString()));
    }
    words.addAll(List.of("--steps", "2", "--evaluate-every", "2", "--threads", "1"));
    words.addAll(List.of("--out", out.toString(), "--precision", "fp32"));
    smaller(options, words);
    return words;
  }

  /// As the recipe, for pictures of 81 x 65.
  private static void smaller(Map<String, String> options, List<String> words) {
    if (options.containsKey("fixed-statistics")) {
      words.addAll(List.of("--clip", "1")); // those of two steps hold nothing down
    }
    if (options.containsKey("crop")) {
      words.addAll(List.of("--crop", "49x49", "--batch", "2"));
    }
    if (options.containsKey("scale-base")) {
      words.addAll(List.of("--scale-base", "81x65"));
    }
    if (options.containsKey("test-size")) {
      words.addAll(List.of("--test-size", "89x73"));
    }
    if (options.containsKey("slide")) {
      words.addAll(List.of("--slide", "49x49", "--slide-step", "33x33"));
    }
  }

  private static Path laid(String set) throws IOException {
    Path there = sets.resolve(set);
    return Files.isDirectory(there) ? there : GeneratedSets.lay(set, there, 2, 81, 65);
  }

  @Test
  void judgesByARecipeToo() throws IOException {
    Path run = folder.resolve("run");
    String data = laid("pascal-context").toString();
    List<String> words =
        new ArrayList<>(List.of("fit", "--recipe", "pascalcontext-fcn32s", "--thin", "16"));
    words.addAll(List.of("--data", data, "--steps", "1", "--out", run.toString()));
    assertThat(type(words).code()).isZero();
    String best = run.resolve(Solver.BEST).toString();
    Answer whole = type(List.of("eval", best, "--recipe", "pascalcontext-fcn32s", "--data", data));
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).contains("pictures 2, pixels");
    Answer sliding =
        type(
            List.of(
                "eval",
                best,
                "--recipe",
                "fcn_r101-d8_4xb4-40k_pascal-context-480x480",
                "--data",
                data));
    assertThat(sliding.code()).as(sliding.err()).isZero();
    assertThat(sliding.out()).contains("480x480");
  }

  @Test
  void goesOnWithTheRecipeItBeganWith() throws IOException {
    Path run = folder.resolve("run");
    List<String> words = new ArrayList<>(List.of("fit", "--recipe", "voc-fcn-alexnet"));
    words.addAll(List.of("--thin", "16", "--accumulate", "1", "--steps", "2", "--threads", "1"));
    words.addAll(List.of("--data", laid("sbd").toString(), "--val-data", laid("voc").toString()));
    words.addAll(List.of("--out", run.toString()));
    assertThat(type(words).code()).isZero();
    Answer resumed = type(List.of("fit", "--resume", "--out", run.toString()));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("done after step 2");
  }

  @Test
  void aRecipeOfOnesOwnIsAFileThatMayIncludeAPublishedOne() throws IOException {
    Answer printed = type(List.of("recipe", "voc-fcn8s"));
    assertThat(printed.out()).startsWith("# FCN-8s of VGG16").contains("lr = 1e-14");
    Path same = Files.writeString(folder.resolve("same.recipe"), printed.out());
    assertThat(RecipeFile.read(same.toString(), OPTIONS).options())
        .isEqualTo(RecipeFile.read("voc-fcn8s", OPTIONS).options());
    Path mine =
        Files.writeString(
            folder.resolve("mine.recipe"), "include = voc-fcn8s\n# why\nlr = 1e-13\n");
    assertThat(RecipeFile.read(mine.toString(), OPTIONS).options())
        .containsEntry("lr", "1e-13")
        .containsEntry("net", "fcn8s-vgg16");
    assertThat(type(List.of("recipe")).out()).contains("pspnet_r101-d8").contains("fcn_r50-d8");
  }

  @Test
  void saysWhatIsWrongWithARecipe() throws IOException {
    assertThatThrownBy(() -> RecipeFile.read("voc-fcn8", OPTIONS))
        .hasMessageContaining("there is no recipe voc-fcn8; the nearest is voc-fcn8s");
    assertWrong("lernrate = 1", "train fit has no option --lernrate; the nearest is --");
    assertWrong("lr 0.1", "a line is OPTION = VALUE, not: lr 0.1");
    assertWrong("lr = 1\nlr = 2", "says lr twice");
    Path endless = folder.resolve("endless.recipe");
    Files.writeString(endless, "include = " + endless);
    assertThatThrownBy(() -> RecipeFile.read(endless.toString(), OPTIONS))
        .hasMessageContaining("includes itself");
    Answer typed =
        type(List.of("fit", "--recipe", "voc-fcn8", "--data", "x", "--out", folder.toString()));
    assertThat(typed.code()).isEqualTo(2);
    assertThat(typed.err()).contains("the nearest is voc-fcn8s");
  }

  private void assertWrong(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("wrong.recipe"), text);
    assertThatThrownBy(() -> RecipeFile.read(file.toString(), OPTIONS))
        .hasMessageContaining("wrong.recipe")
        .hasMessageContaining(message);
  }

  private record Answer(int code, String out, String err) {}

  private static Answer type(List<String> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine train =
        new CommandLine(new TrainCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
              failure.printStackTrace(commandLine.getErr());
              return 1;
            });
    int code = train.execute(words.toArray(String[]::new));
    return new Answer(code, out.toString(), err.toString());
  }
}
