package io.maskstream.cli;

import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerJoin;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.MaskHistory;
import io.maskstream.topology.Topics;
import io.maskstream.wire.FrameStatistics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints answers as they are committed.
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Prints one line for every mask and marker as it is committed.")
final class MaskTailCommand implements Runnable {

  private static final Duration POLL = Duration.ofMillis(200);

  /// A mask and its statistics are committed together; one that waits this long waits for nothing.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration SILENCE = Duration.ofSeconds(5);

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "CAMERA",
      arity = "0..*",
      description = "Whose answers; every camera's if none is named.")
  List<String> cameras = new ArrayList<>();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = "--from",
      description = "beginning: the oldest answer that is kept; end: the next one.",
      defaultValue = "end")
  Edge from = Edge.END;

  @Option(names = "--max", paramLabel = "N", description = "End after so many answers.")
  long max = Long.MAX_VALUE;

  @Option(
      names = "--for",
      paramLabel = "SPAN",
      description = "End after this time, such as 10s.",
      converter = Span.class)
  @Nullable Duration span;

  private long printed;

  /// An end of a topic.
  enum Edge {
    BEGINNING,
    END
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Topics names = topics.topics();
    From start =
        switch (from) {
          case BEGINNING -> new From.Beginning();
          case END -> new From.End();
        };
    if (format == OutputFormat.TABLE) {
      out.println(AnswerText.HEAD);
      out.flush();
    }
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.clientProperties(), new Of(names.masks(), names.statistics(), cameras), start)) {
      AnswerJoin<AnswerText> join =
          new AnswerJoin<>(
              mask -> AnswerText.of(mask.mask(), mask.bytes()),
              (mask, statistics) -> print(mask, statistics, out));
      follow(reader, join, out);
    }
  }

  private void follow(AnswerReader reader, AnswerJoin<AnswerText> join, PrintWriter out) {
    long start = System.nanoTime();
    long latest = start;
    boolean told = false;
    while (printed < max && !out.checkError() && !isOver(start)) {
      if (reader.poll(POLL, answer -> take(answer, join)) > 0) {
        latest = System.nanoTime();
      } else if (join.isWaiting() && System.nanoTime() - latest > PATIENCE.toNanos()) {
        join.flush();
      }
      if (!told && printed == 0 && System.nanoTime() - start > SILENCE.toNanos()) {
        told = true;
        tellWhoIsThere();
      }
    }
    if (printed < max) {
      join.flush();
      out.flush();
    }
  }

  private boolean isOver(long start) {
    return span != null && System.nanoTime() - start >= span.toNanos();
  }

  private void take(Answer answer, AnswerJoin<AnswerText> join) {
    if (answer instanceof Answer.Unreadable(var place, String reason)) {
      spec.commandLine().getErr().println("record cannot be read: " + place + ": " + reason);
    }
    join.add(answer);
  }

  private void print(AnswerText mask, @Nullable FrameStatistics statistics, PrintWriter out) {
    if (printed == max) {
      return;
    }
    printed++;
    out.println(
        switch (format) {
          case TABLE -> mask.table(statistics);
          case JSON -> mask.json(statistics);
        });
  }

  private void tellWhoIsThere() {
    String topic = topics.topics().masks();
    var there = MaskHistory.cameras(kafka.clientProperties(), topic);
    spec.commandLine()
        .getErr()
        .println(
            "no answer yet: topic=%s %s"
                .formatted(
                    topic,
                    there.isEmpty()
                        ? "is empty; is the processor running (`maskstream run`)?"
                        : "cameras there: " + String.join(", ", there)));
  }
}
