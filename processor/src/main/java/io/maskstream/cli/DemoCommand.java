package io.maskstream.cli;

import io.maskstream.demo.Demo;
import io.maskstream.demo.TrainCommands;
import io.maskstream.demo.Training;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.CameraFigures;
import io.maskstream.topics.WatchTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Everything in one process.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs Kafka, two generated cameras and the processor in one process, and shows what comes out.",
      "Ends with Ctrl-C or --for; the last line on stdout is JSON."
    })
final class DemoCommand implements Callable<Integer> {

  private static final int LONGEST_END_SECONDS = 60;
  private static final int PICTURES_TO_LEARN = 40;
  private static final int STEPS_TO_LEARN = 200;

  @Spec CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Span.class,
      description = "Ends after this time, such as 20s or 2m (default: when it is stopped).")
  @Nullable Duration length;

  @Option(
      names = "--video",
      paramLabel = "FILE",
      description = "Plays this video instead of generated scenes.")
  @Nullable Path video;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Segments with this release; `maskstream model package` makes one.")
  @Nullable Path model;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      description =
          "Where a painted picture of each camera is written (default: ${DEFAULT-VALUE}).",
      defaultValue = "${sys:java.io.tmpdir}/maskstream-demo")
  Path pictures = Path.of("maskstream-demo");

  @Option(
      names = "--retrain",
      description = {
        "Labels pictures of the running cameras, trains a better release with them and serves it, "
            + "in some minutes; the live mean IoU against the truth is shown before and after."
      })
  boolean retrain;

  @Override
  public Integer call() throws InterruptedException {
    Demo demo =
        new Demo(
            new Demo.Settings(
                Optional.ofNullable(length),
                Optional.ofNullable(video),
                Optional.ofNullable(model).map(ReleaseFile::read),
                pictures,
                training()));
    PrintWriter out = spec.commandLine().getOut();
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(demo, ended), "demo-stop"));
    try {
      Demo.Outcome outcome = demo.run(new Terminal(spec.commandLine().getErr()));
      out.println(outcome.stages().table());
      out.println(outcome.json());
      out.flush();
      return outcome.everyFrameAnswered() ? 0 : 1;
    } finally {
      ended.countDown();
    }
  }

  private Optional<Training> training() {
    if (!retrain) {
      return Optional.empty();
    }
    if (ServiceLoader.load(CommandModule.class).stream().count() == 0) {
      throw new IllegalStateException("--retrain wants the trainer, which this installation lacks");
    }
    return Optional.of(new TrainCommands(Main.class.getName(), PICTURES_TO_LEARN, STEPS_TO_LEARN));
  }

  /// Lets Ctrl-C wait for the summary.
  private static void stop(Demo demo, CountDownLatch ended) {
    demo.stop();
    try {
      ended.await(LONGEST_END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A table that stays in its place on a terminal, a line each second elsewhere.
  private static final class Terminal implements Demo.Audience {

    private final PrintWriter err;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private final WatchTable table = new WatchTable(terminal && System.getenv("NO_COLOR") == null);
    private int drawn;

    Terminal(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void line(String text) {
      err.println(" " + text);
      err.flush();
      drawn = 0;
    }

    @Override
    public void figures(List<CameraFigures.Row> rows, String score) {
      if (!terminal) {
        err.println(table.summary(Instant.now(), rows) + (score.isEmpty() ? "" : " | " + score));
      } else {
        if (drawn > 0) {
          err.print("\u001b[" + drawn + "A");
        }
        List<String> lines = new ArrayList<>(table.lines(rows));
        if (!score.isEmpty()) {
          lines.add(score);
        }
        lines.forEach(line -> err.println("\u001b[2K" + line));
        drawn = lines.size();
      }
      err.flush();
    }
  }
}
