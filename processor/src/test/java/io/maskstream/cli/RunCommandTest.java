package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.release.Graphs;
import io.maskstream.release.ReleaseFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What a person sees who got something wrong.
class RunCommandTest {

  @TempDir Path folder;

  private record Outcome(int code, String out, String err) {}

  @Test
  void refusesAModelThatIsAWebPage() throws Exception {
    Path page = Files.writeString(folder.resolve("city.onnx"), "<!DOCTYPE html><html></html>");
    Outcome outcome = execute("run", "-X", "model=" + page);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains(page.toString()).contains("web page");
  }

  @Test
  void refusesAModelThatIsNotThere() {
    Outcome outcome = execute("run", "-X", "model=" + folder.resolve("none.onnx"));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("none.onnx");
  }

  @Test
  void refusesAModelThatTheGateRefusesOrThatIsAnother() throws Exception {
    Path odd = Files.write(folder.resolve("odd.onnx"), Graphs.unknownOperator().graph());
    assertThat(execute("run", "-X", "model=" + odd).err())
        .contains("OPERATOR: ", "odd.onnx", "uses the operator Divine");
    Outcome other =
        execute("run", "-X", "model=" + scene(), "-X", "model.sha256=" + "0".repeat(64));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("DIGEST: ", "scene.onnx", "expected 0000");
  }

  @Test
  void asksForAModel() {
    Outcome outcome = execute("run");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("-X model=FILE");
  }

  @Test
  void namesTheNearestKey() {
    Outcome outcome = execute("run", "-X", "htp.listen=x:1");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("unknown key htp.listen").contains("http.listen");
  }

  @Test
  void namesTheBrokersThatDoNotAnswerWithinSeconds() throws Exception {
    String nobody = "127.0.0.1:" + freePort();
    long start = System.nanoTime();
    Outcome outcome = execute("run", "-X", "model=" + scene(), "-X", "bootstrap.servers=" + nobody);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("no broker answers", "bootstrap.servers=" + nobody, "whether Kafka runs there")
        .doesNotContain("Exception");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void namesTheTopicsThatAreMissing() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      Outcome outcome =
          execute(
              "run",
              "-X",
              "model=" + scene(),
              "-X",
              "bootstrap.servers=" + broker.bootstrapServers());
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("topics are missing: maskstream.frames", "`maskstream topics apply`")
          .doesNotContain("Exception");
    }
  }

  @Test
  void topicsCheckNamesTheBrokersThatDoNotAnswer() throws Exception {
    int nobody = freePort();
    Outcome outcome = execute("topics", "check", "-b", "127.0.0.1:" + nobody);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("127.0.0.1:" + nobody).doesNotContain("Exception");
  }

  @Test
  void configDocsWritesTheTable() {
    Outcome outcome = execute("config", "docs");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEqualTo(io.maskstream.config.ReferenceTable.markdown());
  }

  private Path scene() throws IOException {
    Path file = folder.resolve("scene.onnx");
    try (InputStream in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      Files.copy(in, file);
    }
    return file;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Outcome execute(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (all.getFirst().equals("run")) {
      all.addAll(
          List.of(
              "-X",
              "state.dir=" + folder.resolve("state"),
              "-X",
              "model.cache.dir=" + folder.resolve("cache"),
              "-X",
              "http.listen=127.0.0.1:0"));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = line.execute(all.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
