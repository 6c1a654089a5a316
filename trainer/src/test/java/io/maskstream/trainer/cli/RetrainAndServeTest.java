package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.cli.Main;
import io.maskstream.demo.Demo;
import io.maskstream.demo.TrainCommands;
import io.maskstream.topics.CameraFigures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo with everything real: broker, cameras, processor, and the trainer in its processes; and
/// on the same live cameras what the README's session types, with fewer steps.
class RetrainAndServeTest {

  private static final Path ROOT = Path.of(System.getProperty("maskstream.root"));

  /// It is over as soon as there are figures of the last release; a busy machine takes long.
  private static final Duration PATIENCE = Duration.ofMinutes(12);

  @Test
  void releasesTrainedWhileTheCamerasRunServeThemAndEveryFrameIsAnswered(@TempDir Path folder)
      throws Exception {
    Live live = new Live(folder);
    Demo.Outcome outcome = live.demo.run(live);

    assertThat(live.session).as("%s", live.said).isNotNull();
    live.session.get();
    assertThat(outcome.meanIou().keySet())
        .as("%s", live.said)
        .containsExactly("scene-1", "scene-retrained", "scene-2");
    assertThat(outcome.meanIou().values()).allMatch(meanIou -> meanIou > 0.5);
    assertThat(outcome.everyFrameAnswered()).as(outcome.json()).isTrue();
    assertThat(outcome.markers()).isZero();
    assertThat(live.said).anyMatch(line -> line.contains("maskstream train fit --init"));
  }

  /// Lets the demo retrain by itself, then types the README's session, then ends it.
  private static final class Live implements Demo.Audience {

    private final Path folder;
    private final Demo demo;
    private final List<String> said = new ArrayList<>();
    private String brokers = "";
    private CompletableFuture<Void> session;

    Live(Path folder) {
      this.folder = folder;
      demo =
          new Demo(
              new Demo.Settings(
                  Optional.of(PATIENCE),
                  Optional.empty(),
                  Optional.empty(),
                  folder,
                  Optional.of(new TrainCommands(Main.class.getName(), 6, 6))));
    }

    @Override
    public synchronized void line(String text) {
      said.add(text);
      if (text.startsWith("kafka ")) {
        brokers = text.split("\\s+")[1];
      }
    }

    @Override
    public void figures(List<CameraFigures.Row> rows, String score) {
      if (session == null && score.contains("scene-retrained")) {
        session = CompletableFuture.runAsync(this::type);
      }
      if (score.contains("scene-2") || session != null && session.isCompletedExceptionally()) {
        demo.stop();
      }
    }

    private void type() {
      List<Session.Typed> commands =
          Session.read(ROOT.resolve("README.md"), "Retrain, release, push, use");
      assertThat(commands).hasSizeGreaterThan(3);
      for (Session.Typed each : commands) {
        if (!each.command().equals("./maskstream demo")) {
          each.run(ROOT, folder, brokers);
        }
      }
      assertThat(Files.exists(folder.resolve("runs/diff/diff-0001.png"))).isTrue();
    }
  }
}
