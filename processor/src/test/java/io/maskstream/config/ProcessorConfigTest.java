package io.maskstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.inference.Provider;
import io.maskstream.topology.StreamSettings.MaskEncoding;
import io.maskstream.video.Size;
import io.maskstream.wire.Codec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorConfigTest {

  @TempDir Path folder;

  @Test
  void takesTheCommandLineBeforeTheEnvironmentBeforeTheFileBeforeTheDefault() throws Exception {
    Path file =
        file("application.id=file\nhttp.listen=file:1\nmodel=file.onnx\nstream.threads=7\n");
    ProcessorConfig config =
        ProcessorConfig.read(
            file,
            Map.of("application.id", "line"),
            Map.of("MASKSTREAM_APPLICATION_ID", "env", "MASKSTREAM_HTTP_LISTEN", "env:2"));
    assertThat(config.stream().applicationId()).isEqualTo("line");
    assertThat(config.httpListen()).isEqualTo(new ListenAddress("env", 2));
    assertThat(config.model()).contains(Path.of("file.onnx").toAbsolutePath().toUri());
    assertThat(config.stream().threads()).isEqualTo(7);
    assertThat(config.stream().bootstrapServers()).isEqualTo("localhost:9092");
  }

  @Test
  void readsEveryKindOfValue() {
    ProcessorConfig config =
        read(
            Map.of(
                "inference.provider", "cpu",
                "inference.batch.max", "4",
                "inference.batch.wait.ms", "20",
                "video.codecs", "h264, mjpeg",
                "mask.encoding", "png",
                "window.grace.ms", "0",
                "topics.dead-letters", "letters",
                "topics.models.status", "loaded",
                "state.dir", "~/masks"));
    assertThat(config.inference().provider()).isEqualTo(Provider.CPU);
    assertThat(config.inference().batchMax()).isEqualTo(4);
    assertThat(config.inference().batchWait()).isEqualTo(Duration.ofMillis(20));
    assertThat(config.video().codecs()).containsExactlyInAnyOrder(Codec.H264, Codec.MJPEG);
    assertThat(config.stream().maskEncoding()).isEqualTo(MaskEncoding.PNG);
    assertThat(config.stream().timing().windowGrace()).isZero();
    assertThat(config.stream().topics().deadLetters()).isEqualTo("letters");
    assertThat(config.controlTopics().modelStatus()).isEqualTo("loaded");
    assertThat(config.stream().stateDir())
        .isEqualTo(Path.of(System.getProperty("user.home"), "masks"));
  }

  @Test
  void aCameraMayHaveASizeOfItsOwn() {
    ProcessorConfig config =
        read(Map.of("camera.gate-2.size", "640x360", "camera.north.yard.size", "64x48"));
    assertThat(config.stream().cameraSizes())
        .isEqualTo(Map.of("gate-2", new Size(640, 360), "north.yard", new Size(64, 48)));
    assertThat(config.printout().lines())
        .contains("camera.gate-2.size = 640x360  (-X camera.gate-2.size)");
    assertThatThrownBy(() -> read(Map.of("camera.gate-2.size", "wide")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("camera.gate-2.size: size is not WIDTHxHEIGHT, such as 960x540: wide");
  }

  @Test
  void masksHaveALimitOfTheirOwnThatLeavesRoomInTheirTopic() {
    ProcessorConfig config = read(Map.of("video.max.access.unit.bytes", "33554432"));
    assertThat(config.stream().limits().inputBytes()).isEqualTo(32 << 20);
    assertThat(config.stream().limits().maskBytes()).isEqualTo((8 << 20) - (64 << 10));
  }

  @ParameterizedTest
  @CsvSource({
    "bootstrap.server, bootstrap.servers",
    "http.listn, http.listen",
    "inference.batch, inference.batch.max",
    "topics.mask, topics.masks",
    "kafka., model"
  })
  void namesTheNearestKeyOfAnUnknownOne(String unknown, String nearest) {
    assertThatThrownBy(() -> read(Map.of(unknown, "1")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("unknown key " + unknown + " (-X " + unknown + "); the nearest is " + nearest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stream.threads | 0 | at least 1",
        "stream.threads | many | Not a number",
        "inference.provider | gpu | auto, cpu, cuda",
        "video.codecs | h264,rv40 | rv40",
        "http.listen | 8080 | HOST:PORT",
        "http.listen | localhost:99999 | port=99999",
        "mask.encoding | jpeg | rle, png",
        "application.id | a b | letters",
        "camera.forget.ms | 1 | idle <= forget",
        "bootstrap.servers | '' | non-empty"
      })
  void refusesAValueOutOfBounds(String key, String value, String reason) {
    assertThatThrownBy(() -> read(Map.of(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void tellsAllFaultsAtOnceAndWhereTheyAre() throws Exception {
    Path file = file("stream.threads=0\nmodle=x.onnx\n");
    assertThatThrownBy(() -> ProcessorConfig.read(file, Map.of("window.grace.ms", "-1"), Map.of()))
        .hasMessageContaining("stream.threads")
        .hasMessageContaining("unknown key modle (" + file + "); the nearest is model")
        .hasMessageContaining("window.grace.ms");
  }

  @Test
  void warnsOfAnUnknownVariableBecauseKubernetesSetsSomeForEveryService() {
    ProcessorConfig config =
        ProcessorConfig.read(
            null, Map.of(), Map.of("MASKSTREAM_HTTP_LISTN", "x:1", "HOME", "/nowhere"));
    assertThat(config.printout().warnings())
        .singleElement()
        .asString()
        .contains("MASKSTREAM_HTTP_LISTN")
        .contains("MASKSTREAM_HTTP_LISTEN");
  }

  @Test
  void looksSecretsUpAndNeverPrintsThem() throws Exception {
    Path secrets = Files.createDirectory(folder.resolve("secrets"));
    Files.writeString(secrets.resolve("password"), "canary-directory");
    Path entries = Files.writeString(folder.resolve("entries.properties"), "pin=canary-file\n");
    ProcessorConfig config =
        ProcessorConfig.read(
            null,
            Map.of(
                "kafka.sasl.jaas.config", "login password=\"${env:PIN}\";",
                "kafka.ssl.key.password", "${directory:" + secrets + ":password}",
                "consumer.ssl.truststore.password", "${file:" + entries + ":pin}",
                "kafka.ssl.keystore.password", "canary-plain",
                "kafka.schema.registry.basic.auth.user.info", "me:canary-unknown",
                "kafka.security.protocol", "SASL_SSL"),
            Map.of("PIN", "canary-environment"));
    assertThat(config.stream().clientProperties())
        .containsEntry("kafka.sasl.jaas.config", "login password=\"canary-environment\";")
        .containsEntry("kafka.ssl.key.password", "canary-directory")
        .containsEntry("consumer.ssl.truststore.password", "canary-file")
        .containsEntry("kafka.ssl.keystore.password", "canary-plain");
    assertThat(String.join("\n", config.printout().lines()))
        .doesNotContain("canary")
        .contains("kafka.ssl.keystore.password = [hidden]  (-X kafka.ssl.keystore.password)")
        .contains("kafka.ssl.key.password = ${directory:" + secrets + ":password}")
        .contains("kafka.security.protocol = SASL_SSL");
  }

  @Test
  void theTokenOfTheViewerIsASecret() {
    ProcessorConfig config = read(Map.of("http.token", "canary-of-the-viewer"));
    assertThat(config.httpToken().orElseThrow().value()).isEqualTo("canary-of-the-viewer");
    assertThat(config.printout().lines()).contains("http.token = [hidden]  (-X http.token)");
    assertThat(config.toString()).doesNotContain("canary");
    assertThat(read(Map.of()).httpToken()).isEmpty();
    assertThatThrownBy(() -> read(Map.of("http.token", "canary")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("http.token: token is too short: characters=6 wanted=16")
        .hasMessageNotContaining("canary");
  }

  @Test
  void saysThatASecretIsNotThere() {
    assertThatThrownBy(() -> read(Map.of("kafka.ssl.key.password", "${env:NOT_SET_ANYWHERE}")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("${env:NOT_SET_ANYWHERE}");
  }

  @Test
  void printsEveryKeyWithItsOrigin() {
    assertThat(read(Map.of("stream.threads", "3")).printout().lines())
        .contains("stream.threads = 3  (-X stream.threads)")
        .contains("http.listen = 127.0.0.1:8080  (default)");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> ProcessorConfig.read(folder.resolve("none"), Map.of(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("none");
  }

  @Test
  void theDefaultsAreThoseOfTheStreamItself() {
    ProcessorConfig config = read(Map.of());
    assertThat(config.stream())
        .isEqualTo(
            io.maskstream.topology.StreamSettings.of(
                "localhost:9092", "maskstream", config.stream().stateDir()));
    assertThat(config.inference()).isEqualTo(io.maskstream.inference.InferenceSettings.standard());
    assertThat(config.video()).isEqualTo(io.maskstream.video.Limits.STANDARD);
  }

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("maskstream.properties"), text);
  }

  private static ProcessorConfig read(Map<String, String> commandLine) {
    return ProcessorConfig.read(null, commandLine, Map.of());
  }
}
