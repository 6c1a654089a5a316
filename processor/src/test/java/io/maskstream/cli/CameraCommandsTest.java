package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraReading;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as a user types them, against Kafka's own broker and a generated clip.
class CameraCommandsTest {

  private static final int PICTURES = 40;

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static Path clip;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("maskstream.frames", 1, (short) 1),
                  new NewTopic("maskstream.cameras", 1, (short) 1)))
          .all()
          .get();
    }
    clip = folder.resolve("clip.264");
    try (CameraSource scene =
            CameraSource.open(
                "gate", CameraAddress.of("testsrc:160x96@10"), SourceSettings.STANDARD);
        OutputStream out = Files.newOutputStream(clip)) {
      for (int i = 0; i < PICTURES; i++) {
        byte[] bytes = new byte[1 << 20];
        var data = scene.next().orElseThrow().data();
        int length = data.remaining();
        data.get(bytes, 0, length);
        out.write(bytes, 0, length);
      }
    }
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void publishesAClipOnceAndListsTheCamera() {
    Outcome published =
        Outcome.of(
            "camera",
            "publish",
            "gate=" + clip,
            "-b",
            broker.bootstrapServers(),
            "--once",
            "--rate",
            "max");
    assertThat(published.err()).isEqualTo("gate published=40 dropped=0 reconnects=0\n");
    assertThat(published.exitCode()).isZero();
    Outcome listed = Outcome.of("camera", "list", "-b", broker.bootstrapServers(), "-o", "json");
    assertThat(listed.out())
        .contains("\"camera_id\":\"gate\"", "\"state\":\"stopped\"", "\"description\":\"h264 ")
        .doesNotContain(clip.toString());
    Outcome table = Outcome.of("camera", "list", "-b", broker.bootstrapServers());
    assertThat(table.out().lines().toList().get(1)).startsWith("gate ").contains("stopped");
  }

  @Test
  void probesAClip() {
    Outcome table = Outcome.of("camera", "probe", clip.toString());
    assertThat(table.exitCode()).isZero();
    assertThat(table.out())
        .contains("h264 Constrained Baseline 160x96", "GOP 20", "B-frames no")
        .contains("✓ fits the contract");
    Outcome json = Outcome.of("camera", "probe", clip.toString(), "-o", "json");
    assertThat(json.out()).contains("\"codec\":\"h264\"", "\"width\":160", "\"fits\":true");
  }

  @Test
  void takesAPictureOfASourceAndOfACameraOnKafka() throws IOException {
    Path first = folder.resolve("first.png");
    Outcome ofSource =
        Outcome.of("camera", "snapshot", "--source", clip.toString(), "-d", first.toString());
    assertThat(ofSource.err()).isEmpty();
    assertThat(ofSource.out()).isEqualTo(first + " size=160x96\n");
    assertThat(ImageIO.read(first.toFile()).getWidth()).isEqualTo(160);

    Outcome.of(
        "camera",
        "publish",
        "hatch=" + clip,
        "-b",
        broker.bootstrapServers(),
        "--once",
        "--rate",
        "max");
    Path newest = folder.resolve("newest.png");
    Outcome ofKafka =
        Outcome.of(
            "camera",
            "snapshot",
            "hatch",
            "-b",
            broker.bootstrapServers(),
            "-d",
            newest.toString());
    assertThat(ofKafka.err()).isEmpty();
    assertThat(ImageIO.read(newest.toFile()).getHeight()).isEqualTo(96);
    assertThat(Files.readAllBytes(newest)).isNotEqualTo(Files.readAllBytes(first));

    Outcome nobody =
        Outcome.of(
            "camera", "snapshot", "attic", "-b", broker.bootstrapServers(), "-d", "attic.jpg");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.err()).contains("camera=attic", "maskstream camera list");
    assertThat(Outcome.of("camera", "snapshot", "hatch", "-d", "hatch.gif").exitCode())
        .isEqualTo(2);
  }

  @Test
  void saysInOneLineWhatIsWrong() throws IOException {
    Path page = Files.writeString(folder.resolve("page.mp4"), "<html>");
    Outcome probed = Outcome.of("camera", "probe", page.toString());
    assertThat(probed.exitCode()).isEqualTo(1);
    assertThat(probed.err()).startsWith("cannot").contains("page.mp4").hasLineCount(1);
    Outcome missing =
        Outcome.of(
            "camera",
            "publish",
            "gate=" + clip,
            "-b",
            broker.bootstrapServers(),
            "--topic",
            "elsewhere");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("topic elsewhere is missing", "maskstream topics apply");
    Outcome failed =
        Outcome.of(
            "camera",
            "publish",
            "yard=" + folder.resolve("absent.mp4"),
            "-b",
            broker.bootstrapServers(),
            "--once");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.err()).contains("camera=yard cannot open", "No such file");
  }

  @Test
  void refusesAWrongCommandLineWithoutRepeatingAPassword() {
    for (String wrong :
        List.of(
            "rtsp://user:s3cret@host/live",
            "gate=ftp://user:s3cret@host/live",
            "=rtsp://user:s3cret@host/live")) {
      Outcome outcome = Outcome.of("camera", "publish", wrong, "-b", broker.bootstrapServers());
      assertThat(outcome.exitCode()).as(wrong).isEqualTo(2);
      assertThat(outcome.err()).doesNotContain("s3cret");
    }
    assertThat(Outcome.of("camera", "publish", "a=x.mp4", "a=y.mp4").err())
        .contains("camera is named twice: a");
    assertThat(Outcome.of("camera", "publish", "a=x.mp4", "--rate", "fast").err())
        .contains("rate is neither a number nor max: fast");
  }

  @Test
  void showsACameraInOneLine() {
    CameraReading reading =
        new CameraReading(
            "gate", true, 500, 0, 25, 487_000, Duration.ofSeconds(2), Duration.ofMillis(84), 0);
    assertThat(CameraPublishCommand.line(reading))
        .isEqualTo(
            "gate ▶ 25.0 fps  487 KB/s  keyframe every 2.0 s  lag to capture 84 ms  reconnects 0");
  }
}
