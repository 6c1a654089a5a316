package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.cli.Main;
import io.maskstream.demo.Demo;
import io.maskstream.demo.TrainCommands;
import io.maskstream.topics.CameraFigures;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo with everything real: broker, cameras, processor, and the trainer in its processes.
class RetrainingDemoTest {

  /// It is over as soon as there are figures of the new release; a busy machine takes long.
  private static final Duration PATIENCE = Duration.ofMinutes(12);

  @Test
  void aReleaseTrainedOnTheRunningCamerasServesThemAndEveryFrameIsAnswered(@TempDir Path folder)
      throws InterruptedException {
    List<String> said = new ArrayList<>();
    Demo demo =
        new Demo(
            new Demo.Settings(
                Optional.of(PATIENCE),
                Optional.empty(),
                Optional.empty(),
                folder,
                Optional.of(new TrainCommands(Main.class.getName(), 6, 6))));
    Demo.Outcome outcome =
        demo.run(
            new Demo.Audience() {
              @Override
              public synchronized void line(String text) {
                said.add(text);
              }

              @Override
              public void figures(List<CameraFigures.Row> rows, String score) {
                if (score.contains("scene-retrained")) {
                  demo.stop();
                }
              }
            });

    assertThat(outcome.meanIou().keySet())
        .as("%s", said)
        .containsExactly("scene-1", "scene-retrained");
    assertThat(outcome.meanIou().values()).allMatch(meanIou -> meanIou > 0.5);
    assertThat(outcome.everyFrameAnswered()).as(outcome.json()).isTrue();
    assertThat(outcome.markers()).isZero();
    assertThat(said).anyMatch(line -> line.contains("maskstream train fit --init"));
  }
}
