package io.maskstream.cli;

import io.maskstream.demo.Demo;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.CameraFigures;
import io.maskstream.topics.WatchTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

  @Override
  public Integer call() throws InterruptedException {
    Demo demo =
        new Demo(
            new Demo.Settings(
                Optional.ofNullable(length),
                Optional.ofNullable(video),
                Optional.ofNullable(model).map(ReleaseFile::read),
                pictures));
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
    public void figures(List<CameraFigures.Row> rows) {
      if (!terminal) {
        err.println(table.summary(Instant.now(), rows));
      } else {
        if (drawn > 0) {
          err.print("\u001b[" + drawn + "A");
        }
        List<String> lines = table.lines(rows);
        lines.forEach(line -> err.println("\u001b[2K" + line));
        drawn = lines.size();
      }
      err.flush();
    }
  }
}
