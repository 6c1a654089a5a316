package io.maskstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.data.Scenes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs each tutorial as its reader does, in a JVM of its own, but for the class path.
class ExamplesTest {

  private static final Path ROOT = Path.of(System.getProperty("maskstream.root", ".."));
  private static final Path EXAMPLES = ROOT.resolve("trainer/examples");

  @TempDir Path folder;

  @Test
  void aClassifierBecomesAnFcn() throws Exception {
    Path classifier = folder.resolve("classifier.onnx");
    halving().write(classifier);
    Path fcn = folder.resolve("fcn.onnx");
    assertThat(run("ModelExample", classifier, fcn))
        .contains("it takes [data", "gives [logits", "score8.weight: float32[21,6,1,1]")
        .contains("score becomes 2 times finer", "parameters");
    assertThat(OnnxModel.read(fcn).graph().outputs().toString()).contains("logits", "21");

    Path real = Path.of(System.getProperty("maskstream.shared", "shared"));
    Path squeezeNet = real.resolve("models/light_squeezenet.onnx");
    if (Files.exists(squeezeNet)) {
      assertThat(run("ModelExample", squeezeNet, fcn)).contains("738666 parameters");
    }
  }

  @Test
  void aReleaseColoursThePicture() throws Exception {
    Scenes streets = Scenes.of(5, 1, 160, 96, Look.VARIED);
    Path picture = folder.resolve("street.png");
    Path classes = folder.resolve("classes.png");
    ImageIO.write(streets.read(0).picture().image(), "png", picture.toFile());
    Path release = ROOT.resolve("processor/src/main/resources/io/maskstream/demo/scene.onnx");
    assertThat(run("InferenceExample", release, picture, classes)).contains("road", " %");
    BufferedImage map = ImageIO.read(classes.toFile());
    byte[] truth = streets.read(0).labels().classes();
    int right = 0;
    for (int i = 0; i < truth.length; i++) {
      right += map.getRaster().getSample(i % 160, i / 160, 0) == truth[i] ? 1 : 0;
    }
    assertThat(right / (double) truth.length).isGreaterThan(0.8);
  }

  @Test
  void aFewStepsTeachASmallNet() throws Exception {
    String said = run("SolvingExample", folder.resolve("run"), 12);
    assertThat(said).contains("after step 12", "mean IoU", "road");
    String[] figures = said.split("mean IoU |, before |\\R", 5);
    assertThat(Double.parseDouble(figures[2])).isGreaterThan(Double.parseDouble(figures[3]));
    assertThat(folder.resolve("run/best.onnx")).isNotEmptyFile();
  }

  @Test
  void theReadmeTellsTheCommandsThatTheExamplesTell() throws IOException {
    String readme = Files.readString(ROOT.resolve("trainer/README.md"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<Path> programs = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(programs).hasSize(3);
      for (Path program : programs) {
        List<String> lines = Files.readAllLines(program);
        assertThat(lines).hasSizeLessThanOrEqualTo(60);
        String command = "java @trainer/examples/java.args trainer/examples/";
        assertThat(lines).anyMatch(line -> line.startsWith("///     " + command));
        assertThat(readme).contains(command + program.getFileName());
      }
    }
  }

  /// With the options of `java.args`, and the class path of this test instead of the built one.
  private String run(String example, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : Files.readAllLines(EXAMPLES.resolve("java.args"))) {
      if (!option.startsWith("-cp ")) {
        command.add(option);
      }
    }
    command.add("-Xmx1g");
    command.add(EXAMPLES.resolve(example + ".java").toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Path log = folder.resolve(example + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process program = builder.start();
    boolean ended = program.waitFor(5, TimeUnit.MINUTES);
    program.destroyForcibly();
    assertThat(ended).as("ends within 5 minutes").isTrue();
    assertThat(program.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(log);
  }

  /// Five convolutions, each of stride 2, and ten classes.
  private static OnnxModel halving() {
    OnnxModel model = OnnxModel.create("halving", 17);
    OnnxGraph graph = model.graph();
    List<OnnxDimension> sides = new ArrayList<>(List.of(OnnxDimension.free("N")));
    sides.addAll(List.of(OnnxDimension.fixed(3), OnnxDimension.fixed(64), OnnxDimension.fixed(64)));
    graph.setInputs(new OnnxValue("data", OnnxType.FLOAT, sides));
    String x = "data";
    for (int i = 1; i <= 5; i++) {
      long[] shape = {6, i == 1 ? 3 : 6, 3, 3};
      graph.add(OnnxTensor.ofFilled("w" + i, shape, 0.1f * i));
      OnnxNode conv = new OnnxNode("Conv", List.of(x, "w" + i), "map" + i);
      conv.set("kernel_shape", new long[] {3, 3}).set("strides", new long[] {2, 2});
      conv.set("pads", new long[] {1, 1, 1, 1});
      graph.append(conv);
      x = conv.output();
    }
    graph.append(new OnnxNode("GlobalAveragePool", List.of(x), "mean"));
    graph.append(new OnnxNode("Flatten", List.of("mean"), "flat"));
    graph.add(OnnxTensor.ofFilled("fc", new long[] {6, 10}, 0.5f));
    graph.append(new OnnxNode("MatMul", List.of("flat", "fc"), "scores"));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("scores", OnnxType.FLOAT)));
    return model;
  }
}
