package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.release.SharedModels;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModelCommandTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path scene = Path.of("");

  @BeforeEach
  void takeTheDemosReleaseOutOfTheProduct() throws IOException {
    scene = folder.resolve("scene.onnx");
    try (InputStream in = Main.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      Files.copy(in, scene);
    }
  }

  @Test
  void inspectSaysWhatAReleaseIs() {
    assertThat(run("model", "inspect", scene.toString())).isZero();
    assertThat(out.toString())
        .contains("name           scene")
        .contains("free, multiples of 1")
        .contains("sky, building, road, tree, car, person, sign");
  }

  @Test
  void verifyRunsItAndGivesJson() {
    assertThat(run("model", "verify", "--provider", "cpu", "-o", "json", scene.toString()))
        .isZero();
    assertThat(out.toString().strip())
        .startsWith("{\"name\":\"scene\"")
        .contains("\"classes\":[\"sky\",")
        .contains("\"runs\":true,\"provider\":\"cpu\",\"batch_max\":1}");
  }

  @Test
  void verifyRefusesAnotherDigest() {
    assertThat(run("model", "verify", "--sha256", "ab", scene.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("expected ab").contains("fetch it again");
  }

  @Test
  void benchTimesIt() {
    assertThat(
            run(
                "model",
                "bench",
                "--provider",
                "cpu",
                "--for",
                "0",
                "--size",
                "66x48",
                "-o",
                "json",
                scene.toString()))
        .isZero();
    assertThat(out.toString()).contains("\"size\":\"66x48\"").contains("\"bare_fps\":");
  }

  @Test
  void packageRefusesAFileThatIsNoGraphWithoutWriting() throws IOException {
    Path page = Files.writeString(folder.resolve("page.onnx"), "<!doctype html><html></html>");
    Path release = folder.resolve("release.onnx");
    assertThat(run("model", "package", page.toString(), "--out", release.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("a web page").contains("raw");
    assertThat(release).doesNotExist();
  }

  @Test
  void packageSaysWhenAnOptionIsWrong() {
    assertThat(run("model", "package", "x.onnx", "--out", "y.onnx", "--mean", "127.5"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--mean and --std go together");
    assertThat(run("model", "package", "x.onnx", "--out", "y.onnx", "--size", "wide")).isEqualTo(2);
    assertThat(err.toString()).contains("WIDTHxHEIGHT");
  }

  @Test
  void packageMakesAReleaseOfARealGraph() {
    Path graph = SharedModels.file("models/deeplab_v3_mnv2_dm05_257_voc.onnx");
    Path release = folder.resolve("voc.onnx");
    assertThat(
            run(
                "model",
                "package",
                graph.toString(),
                "--out",
                release.toString(),
                "--mean",
                "127.5",
                "--std",
                "127.5",
                "--classes",
                "voc",
                "--name",
                "voc",
                "--version",
                "2"))
        .isZero();
    assertThat(out.toString()).contains("voc-2").contains("0 of 132098 pixels differ");
    assertThat(run("model", "inspect", release.toString())).isZero();
    assertThat(out.toString()).contains("potted plant").contains("257x257");
  }

  private int run(String... arguments) {
    CommandLine main = Main.commandLine();
    main.setOut(new PrintWriter(out, true));
    main.setErr(new PrintWriter(err, true));
    return main.execute(arguments);
  }
}
