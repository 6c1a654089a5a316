package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.Solver;
import io.maskstream.trainer.solver.TinyNet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Types the commands as a user does.
class TrainCommandTest {

  private static final int CLASSES = Palette.known("scene").size();

  @TempDir Path folder;
  private Path init;
  private Path run;

  private record Answer(int code, String out, String err) {}

  @BeforeEach
  void graph() {
    init = folder.resolve("tiny.onnx");
    run = folder.resolve("run");
    TinyNet.build(CLASSES).write(init);
  }

  private static Answer type(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine train =
        new CommandLine(new TrainCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
              commandLine.getErr().println(failure.getMessage());
              return 1;
            });
    int code = train.execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    return new Answer(code, out.toString(), err.toString());
  }

  private Answer fit(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("fit", "--init", init, "--data", "scenes", "--out", run, "--batch", 2));
    words.addAll(List.of("--crop", "64x64", "--evaluate-every", 1000));
    words.addAll(List.of(more));
    return type(words.toArray());
  }

  @Test
  void fitsJudgesReleasesAndLearnsOn() throws Exception {
    Answer fit = fit("--steps", 4);
    assertThat(fit.code()).as(fit.err()).isZero();
    assertThat(fit.err()).contains("learns on").contains("done after step 4; best mean IoU");
    assertThat(run.resolve(Solver.BEST)).exists();
    assertThat(Files.readAllLines(run.resolve("log.jsonl"))).hasSizeGreaterThanOrEqualTo(5);

    Path sheet = folder.resolve("sheet.png");
    Answer eval = type("eval", run.resolve(Solver.BEST), "--data", "scenes", "--sheet", sheet);
    assertThat(eval.code()).as(eval.err()).isZero();
    assertThat(eval.out()).contains("mean IoU").contains("road");
    assertThat(sheet).isNotEmptyFile();

    Path release = folder.resolve("released.onnx");
    Path store = folder.resolve("store");
    Path cache = folder.resolve("cache");
    Answer made =
        type(
            "release",
            run.resolve(Solver.BEST),
            "--data",
            "scenes",
            "--out",
            release,
            "--push",
            store,
            "--cache",
            cache);
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains(store.resolve("released-1.onnx").toUri().toString());
    assertThat(store.resolve("released-1.onnx")).hasSameBinaryContentAs(release);
    assertThat(store.resolve("released-1.manifest")).exists();
    assertThat(ReleaseFile.read(release).release().name()).isEqualTo("released");
    assertThat(folder.resolve("released.md")).content().contains("trained on: generated scenes");
    Answer judged = type("eval", release, "--data", "scenes");
    assertThat(figures(judged.out())).hasSize(4).isEqualTo(figures(eval.out()));

    init = release;
    run = folder.resolve("further");
    Answer further = fit("--steps", 2);
    assertThat(further.code()).as(further.err()).isZero();
    assertThat(further.err()).contains("learns on");
  }

  /// The four metrics, to four digits: folding may move a pixel or two.
  private static List<String> figures(String report) {
    return report.lines().filter(line -> line.matches("(mean|pixel|freq).*\\d\\.\\d{4}")).toList();
  }

  @Test
  void resumesWithTheOptionsThatTheRunBeganWith() {
    assertThat(fit("--steps", 3, "--save-every", 1, "--seed", 5).code()).isZero();
    Answer twice = fit("--steps", 3);
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("--resume");
    Answer other = type("fit", "--resume", "--out", run, "--lr", 1);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("--lr cannot be given");
    Answer again = type("fit", "--resume", "--out", run);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("done after step 3");
    assertThat(Checkpoint.read(run.resolve(Solver.LAST)).run()).containsEntry("seed", "5");
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertThat(type().code()).isEqualTo(2);
    assertThat(type("fit", "--out", run).err()).contains("--data");
    assertThat(type("fit", "--data", "scenes", "--out", run).err())
        .contains("--init FILE is missing");
    assertThat(type("fit", "--init", init, "--data", folder.resolve("none"), "--out", run))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(1);
          assertThat(answer.err()).contains("no labelled pictures");
        });
    assertThat(fit("--steps", 1, "--normalisation", "odd").err()).contains("--normalisation odd");
    assertThat(type("fit", "--resume", "--out", run))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(1);
          assertThat(answer.err()).contains("there is no checkpoint");
        });
  }

  @Test
  void theTrunkCanBeDrawnAnew() {
    Path drawn = folder.resolve("drawn.onnx");
    assertThat(
            type("graph", "--init", init, "--classes", "scene", "--random-init", "--out", drawn)
                .code())
        .isZero();
    assertThat(OnnxModel.read(drawn).graph().constant("conv2.weight").orElseThrow().floats())
        .isNotEqualTo(
            TinyNet.build(CLASSES).graph().constant("conv2.weight").orElseThrow().floats());
  }

  @Test
  void namesCountsAndWritesNetworks() {
    assertThat(type("graph", "--list").out())
        .contains("fcn8s-vgg16 ", "134362751", "FCN-8s")
        .contains("PSPNet by its author");
    assertThat(type("graph", "--table", "--size", "2048x1024").out().lines())
        .anyMatch(
            line -> line.matches("fcn_r101-d8 +19 +66125171 +68489862 2048x1024 +2201\\.\\d+"));
    Path out = folder.resolve("r18.onnx");
    Answer written = type("graph", "--net", "fcn_r18-d8", "--classes", "voc", "--out", out);
    assertThat(written.code()).as(written.err()).isZero();
    assertThat(OnnxModel.read(out).graph().outputs().toString()).contains("auxiliary", "21");
    assertThat(type("graph", "--net", "fcn-8s", "--out", out).err())
        .contains("no network fcn-8s; the nearest is ");
    assertThat(type("graph", "--net", "fcn_r18-d8").err()).contains("--out FILE is missing");
  }

  @Test
  void bothLibrariesSayTheSameOfANetwork() throws Exception {
    Path picture = folder.resolve("street.png");
    ImageIO.write(
        Scenes.of(3, 1, 90, 70, Look.VARIED).read(0).picture().image(), "png", picture.toFile());
    Answer same =
        type("graph", "--verify", "--net", "scene", "--picture", picture, "--size", "64x48");
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.out().lines()).hasSize(2);
    assertThat(same.out()).contains("scene ", " logits ", "100.0000%").doesNotContain("DIFFERS");
  }

  @Test
  void anFcnMayBeRarefiedOrFuseByTheGreaterScore() {
    Path fcn = folder.resolve("fcn.onnx");
    Answer made =
        type("graph", "--net", "fcn16s-googlenet", "--rarefy", 16, "--fuse", "max", "--out", fcn);
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(OnnxModel.read(fcn).graph().producer("score16")).isEmpty();
    assertThat(type("graph", "--net", "scene", "--fuse", "max", "--out", fcn).err())
        .contains("fuses by no maximum");
  }

  @Test
  void beginsANetworkByNameAloneOrWithTheStageBefore() throws Exception {
    Path coarse = folder.resolve("32s.onnx");
    Path finer = folder.resolve("16s.onnx");
    assertThat(type("graph", "--net", "fcn32s-googlenet", "--out", coarse).err())
        .contains("random weights");
    Answer staged = type("graph", "--net", "fcn16s-googlenet", "--init", coarse, "--out", finer);
    assertThat(staged.err())
        .contains("116 arrays begin as in", "new are score16.weight, score16.bias, upscore16");
    assertThat(type("graph", "--net", "fcn_r18-d8", "--init", coarse, "--out", finer))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(1);
          assertThat(answer.err()).contains("trained graph", "take one");
        });
    assertThat(type("graph", "--init", coarse, "--init-hha", coarse, "--out", finer).err())
        .contains("--init-hha is the second of two");
    assertThat(type("graph", "--net", "scene", "--stride", 16, "--out", finer).err())
        .contains("--net scene says itself", "--stride");

    List<Object> words =
        List.of("fit", "--net", "scene", "--data", "scenes", "--out", run, "--batch", 1);
    List<Object> brief = List.of("--steps", 1, "--crop", "64x64", "--evaluate-every", 1000);
    Answer fit = type(Stream.concat(words.stream(), brief.stream()).toArray());
    assertThat(fit.code()).as(fit.err()).isZero();
    assertThat(fit.err()).contains("scene begins with random weights").doesNotContain("look drawn");
  }

  /// Of any classifier: here one whose only layers are a convolution and the scores.
  @Test
  void aStageBeginsWithTheOneBefore() {
    Path known = folder.resolve("classifier.onnx");
    Path coarse = folder.resolve("32s.onnx");
    Path finer = folder.resolve("16s.onnx");
    classifier().write(known);
    List<Object> words = List.of("graph", "--init", known, "--normalisation", "unit", "--out");
    Answer made = type(Stream.concat(words.stream(), Stream.of(coarse)).toArray());
    assertThat(made.code()).as(made.err()).isZero();
    OnnxModel trained = OnnxModel.read(coarse);
    trained.graph().add(OnnxTensor.ofFilled("w", new long[] {5, 3, 1, 1}, 7));
    trained.write(coarse);
    Stream<Object> more = Stream.of(finer, "--stride", 16, "--stage", coarse);
    Answer staged = type(Stream.concat(words.stream(), more).toArray());
    assertThat(staged.err()).contains("is a classifier").contains("3 arrays begin as in " + coarse);
    assertThat(OnnxModel.read(finer).graph().constant("w").orElseThrow().floats()).containsOnly(7);
  }

  @Test
  void onlyASegmentationNetWithNewClassesEnlargesPictures() {
    Path other = folder.resolve("other.onnx");
    Path made = folder.resolve("made.onnx");
    TinyNet.build(CLASSES - 1).write(other);
    Answer larger =
        type("graph", "--init", other, "--classes", "scene", "--enlarge", "1.5", "--out", made);
    assertThat(larger.code()).as(larger.err()).isZero();
    assertThat(larger.err()).contains("enlarged by 1.5");
    assertThat(OnnxModel.read(made).graph().constant("enlarge").orElseThrow().floats())
        .containsExactly(1, 1, 1.5f, 1.5f);

    assertThat(fit("--enlarge", "1.5"))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(2);
          assertThat(answer.err()).contains("learns on as it is", "--enlarge 1.5", "leave it out");
        });
    init = other;
    assertThat(fit("--enlarge", "0").err()).contains("enlarge must be above 0");
    init = folder.resolve("classifier.onnx");
    classifier().write(init);
    assertThat(fit("--normalisation", "unit", "--enlarge", "2").err())
        .contains("is a classifier", "--enlarge 2");
  }

  /// Two convolutions and a pooling over everything.
  private static OnnxModel classifier() {
    OnnxModel model = OnnxModel.create("classifier", 17);
    OnnxGraph graph = model.graph();
    List<OnnxDimension> sides = new ArrayList<>(List.of(OnnxDimension.free("N")));
    sides.addAll(List.of(OnnxDimension.fixed(3), OnnxDimension.fixed(32), OnnxDimension.fixed(32)));
    graph.setInputs(new OnnxValue("data", OnnxType.FLOAT, sides));
    graph.add(OnnxTensor.ofFloats("w", new long[] {5, 3, 1, 1}, new float[15]));
    graph.append(new OnnxNode("Conv", List.of("data", "w"), "map"));
    graph.add(OnnxTensor.ofFilled("last", new long[] {9, 5, 1, 1}, 1));
    graph.append(new OnnxNode("Conv", List.of("map", "last"), "each"));
    graph.append(new OnnxNode("GlobalAveragePool", List.of("each"), "mean"));
    graph.append(new OnnxNode("Flatten", List.of("mean"), "scores"));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("scores", OnnxType.FLOAT)));
    return model;
  }

  @Test
  void everyCommandLineOfTheReadmeIsUnderstood() throws Exception {
    Path readme = Path.of(System.getProperty("maskstream.root", "..")).resolve("trainer/README.md");
    List<String> commands =
        Files.readAllLines(readme).stream()
            .filter(line -> line.startsWith("./maskstream train "))
            .toList();
    assertThat(commands).hasSizeGreaterThan(4);
    for (String command : commands) {
      String[] words = command.split("\\s+");
      new CommandLine(new TrainCommand())
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(Arrays.copyOfRange(words, 2, words.length));
    }
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    for (String command : List.of("data", "graph", "fit", "eval", "release", "bench")) {
      Answer help = type(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Example").contains("maskstream train " + command);
    }
  }
}
