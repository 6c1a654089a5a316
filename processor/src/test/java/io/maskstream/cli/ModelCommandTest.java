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
        .contains("\"signature\":\"not asked for\"")
        .contains("\"runs\":true,\"provider\":\"cpu\",\"batch_max\":4}");
  }

  @Test
  void verifyRefusesAnotherDigest() {
    assertThat(run("model", "verify", "--sha256", "0".repeat(64), scene.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("refused, DIGEST: ").contains("expected 0000");
  }

  @Test
  void verifyGivesTheReasonInJsonToo() {
    Path cut = folder.resolve("cut.onnx");
    try {
      byte[] bytes = Files.readAllBytes(scene);
      Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(run("model", "verify", "-o", "json", cut.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("{\"refused\":true,\"reason\":\"NOT_ONNX\",\"sentence\":");
    assertThat(err.toString()).contains("refused, NOT_ONNX: ").contains("is cut off");
  }

  @Test
  void aSignedReleaseGoesFromPushToVerify() {
    Path key = folder.resolve("release.key");
    Path store = folder.resolve("store");
    String cache = folder.resolve("cache").toString();
    assertThat(run("model", "keygen", "--out", key.toString())).isZero();
    assertThat(run("model", "keygen", "--out", key.toString())).isEqualTo(1);
    assertThat(
            run(
                "model",
                "push",
                scene.toString(),
                "--store",
                store.toString(),
                "--key",
                key.toString(),
                "--cache",
                cache,
                "-o",
                "json"))
        .isZero();
    assertThat(out.toString()).contains("\"signed\":true").contains("\"uri\":\"file:///");
    String release = firstFile(store, ".onnx");
    assertThat(run("model", "list", "--store", store.toString(), "--cache", cache)).isZero();
    assertThat(out.toString()).contains("  signed     file:///");
    assertThat(run("model", "verify", release, "--accept", key + ".pub", "--cache", cache))
        .isZero();
    assertThat(out.toString()).contains("valid");
    Path other = folder.resolve("other.key");
    assertThat(run("model", "keygen", "--out", other.toString())).isZero();
    assertThat(run("model", "verify", release, "--accept", other + ".pub", "--cache", cache))
        .isEqualTo(1);
    assertThat(err.toString()).contains("refused, SIGNATURE: ").contains("none of the accepted");
  }

  private static String firstFile(Path folder, String suffix) {
    try (var files = Files.list(folder)) {
      return files
          .map(Path::toString)
          .filter(file -> file.endsWith(suffix))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
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
