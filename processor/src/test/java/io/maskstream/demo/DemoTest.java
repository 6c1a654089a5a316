package io.maskstream.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.CameraFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  @Test
  void answersEveryFrameOfTwoCamerasAndPaintsOneOfEach(@TempDir Path pictures) throws Exception {
    List<CameraFigures.Row> last = new ArrayList<>();
    Demo.Audience audience =
        new Demo.Audience() {
          @Override
          public void line(String text) {}

          @Override
          public void figures(List<CameraFigures.Row> rows, String score) {
            last.clear();
            last.addAll(rows);
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
    assertThat(outcome.meanIou()).hasSize(1);
    assertThat(outcome.meanIou().values()).allMatch(meanIou -> meanIou > 0.6);
    assertThat(outcome.json())
        .startsWith("{\"frames_in\":")
        .contains("\"frames_per_second\":", "\"latency_ms\":{\"end_to_end\":{\"p50\":");
  }
}
