package io.maskstream.cli;

import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.CameraFigures;
import io.maskstream.topics.CameraFigures.Row;
import io.maskstream.topics.WatchTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// How every camera fares, second by second.
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description =
        "Shows every camera's rate, latency, classes, markers and gaps: a live table in a terminal,"
            + " else one line a second.")
final class WatchCommand implements Runnable {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final String ERASE_BELOW = "\u001b[J";

  /// A line that is too long ends at the terminal's edge, so that the table's height is known.
  private static final String NO_WRAPPING = "\u001b[?7l";

  private static final String WRAPPING = "\u001b[?7h";

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "CAMERA",
      arity = "0..*",
      description = "Which cameras; every one if none is named.")
  List<String> cameras = new ArrayList<>();

  @Option(
      names = "--for",
      paramLabel = "SPAN",
      description = "End after this time, such as 10s.",
      converter = Span.class)
  @Nullable Duration span;

  /// Whether stdout is a terminal.
  boolean live = System.console() != null && System.console().isTerminal();

  private int shown;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    WatchTable table = new WatchTable(live && System.getenv("NO_COLOR") == null);
    CameraFigures figures = new CameraFigures();
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.clientProperties(),
            new Of(null, topics.topics().statistics(), cameras),
            new From.End())) {
      long start = System.nanoTime();
      long last = start;
      while (!out.checkError()) {
        long left = TICK.toNanos() - (System.nanoTime() - last);
        if (left > 0) {
          reader.poll(Duration.ofNanos(left), answer -> add(answer, figures));
          continue;
        }
        long now = System.nanoTime();
        show(table, figures.rows(Duration.ofNanos(now - last)), out);
        last = now;
        if (span != null && now - start >= span.toNanos()) {
          return;
        }
      }
    }
  }

  private static void add(Answer answer, CameraFigures figures) {
    if (answer instanceof Answer.OfStatistics(_, var statistics)) {
      figures.add(statistics);
    }
  }

  private void show(WatchTable table, List<Row> rows, PrintWriter out) {
    if (!live) {
      out.println(table.summary(Instant.now(), rows));
      return;
    }
    if (shown > 0) {
      out.print("\u001b[" + shown + "A" + ERASE_BELOW);
    }
    List<String> lines = table.lines(rows);
    out.print(NO_WRAPPING);
    lines.forEach(out::println);
    out.print(WRAPPING);
    shown = lines.size();
  }
}
