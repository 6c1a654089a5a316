package io.maskstream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.topics.CameraFigures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  @Test
  void aBetterReleaseTakesOverWhileTheCamerasRun(@TempDir Path folder) throws Exception {
    List<String> lines = new ArrayList<>();
    Demo demo =
        new Demo(
            new Demo.Settings(
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                Optional.empty(),
                folder,
                Optional.of(new Renaming())));
    Demo.Audience audience =
        new Demo.Audience() {
          private int secondsSince;

          @Override
          public void line(String text) {
            lines.add(text);
          }

          @Override
          public void figures(List<CameraFigures.Row> rows, String score) {
            if (lines.stream().anyMatch(line -> line.contains("serves frames"))
                && ++secondsSince == 6) {
              demo.stop();
            }
          }
        };
    Demo.Outcome outcome = demo.run(audience);
    assertThat(outcome.everyFrameAnswered()).as(outcome.json()).isTrue();
    assertThat(outcome.markers()).isZero();
    assertThat(lines)
        .anyMatch(line -> line.matches("model +\\S+-learnt sha256 \\w+ serves frames .*"));
    assertThat(outcome.meanIou()).as("both have served").hasSize(2);
  }

  /// Learns nothing: the same network under another version.
  private record Renaming() implements Training {

    @Override
    public int pictures() {
      return 2;
    }

    @Override
    public Path train(Path release, Path pictures, Path folder, Consumer<String> notices) {
      OnnxModel model = OnnxModel.read(release);
      model.metadata().put("maskstream.version", "learnt");
      try {
        return Files.write(folder.resolve("learnt.onnx"), model.toBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void answersEveryFrameOfTwoCamerasAndPaintsOneOfEach(@TempDir Path pictures) throws Exception {
    List<CameraFigures.Row> last = new ArrayList<>();
    List<byte[]> snapshots = new ArrayList<>();
    Demo.Audience audience =
        new Demo.Audience() {
          private String viewer = "";

          @Override
          public void line(String text) {
            if (text.startsWith("viewer")) {
              viewer = text.split("\\s+")[1];
            }
          }

          @Override
          public void figures(List<CameraFigures.Row> rows, String score) {
            last.clear();
            last.addAll(rows);
            if (snapshots.isEmpty() && rows.size() == 2) {
              snapshots.add(snapshot(viewer));
            }
          }
        };
    Demo.Outcome outcome =
        new Demo(
                new Demo.Settings(
                    Optional.of(Duration.ofSeconds(6)),
                    Optional.empty(),
                    Optional.empty(),
                    pictures,
                    Optional.empty()))
            .run(audience);

    assertThat(outcome.framesIn()).isGreaterThan(30);
    assertThat(outcome.everyFrameAnswered()).as(outcome.json()).isTrue();
    assertThat(outcome.markers()).isZero();
    assertThat(last).extracting(CameraFigures.Row::cameraId).containsExactly("gate", "yard");
    for (String camera : List.of("gate", "yard")) {
      assertThat(ImageIO.read(pictures.resolve(camera + ".png").toFile()).getWidth())
          .isEqualTo(480);
    }
    assertThat(ImageIO.read(new ByteArrayInputStream(snapshots.getFirst())).getWidth())
        .as("as its viewer shows it")
        .isEqualTo(480);
    assertThat(outcome.meanIou()).hasSize(1);
    assertThat(outcome.meanIou().values()).allMatch(meanIou -> meanIou > 0.6);
    assertThat(outcome.json())
        .startsWith("{\"frames_in\":")
        .contains("\"frames_per_second\":", "\"latency_ms\":{\"end_to_end\":{\"p50\":");
  }

  private static byte[] snapshot(String viewer) {
    URI gate = URI.create(viewer + "/api/v1/cameras/gate/snapshot.jpg?mask=1");
    try (InputStream in = gate.toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
