package io.maskstream.cli;

import io.maskstream.relabel.CandidateCollector;
import io.maskstream.relabel.CandidateCollector.Places;
import io.maskstream.relabel.Rule;
import io.maskstream.topics.ControlTopics;
import io.maskstream.wire.LabelCandidate;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Collects until it is stopped.
@Command(
    name = "collect",
    mixinStandardHelpOptions = true,
    description = {
      "Writes frames of low confidence, and those on which a shadowed release disagrees, to the topic"
          + " of label candidates, until it is stopped: of each camera and span of time the most"
          + " doubtful one.",
      "Begun again, it goes on after what lies on the topic."
    })
final class LabelCandidatesCollectCommand implements Runnable {

  private static final Duration WAIT = Duration.ofMillis(500);

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "CAMERA",
      arity = "0..*",
      description = "Which cameras; every one if none is named.")
  List<String> cameras = new ArrayList<>();

  @Option(
      names = "--every",
      paramLabel = "SPAN",
      description = "A camera gives one candidate at most in such a span (default: 5m).",
      converter = Span.class)
  Duration every = Rule.STANDARD.every();

  @Option(
      names = "--confidence-below",
      paramLabel = "0..1",
      description = "Mean confidence of a mask below which it is doubtful (default: 0.7).")
  double confidenceBelow = Rule.STANDARD.confidenceBelow();

  @Option(
      names = "--disagreement-above",
      paramLabel = "0..1",
      description = "Share of pixels above which two releases disagree (default: 0.1).")
  double disagreementAbove = Rule.STANDARD.disagreementAbove();

  @Option(
      names = "--since",
      paramLabel = "SPAN",
      description = "Begin with masks that were captured so long ago, such as 1h (default: now).",
      converter = Span.class)
  Duration since = Duration.ZERO;

  @Option(
      names = "--once",
      description = "Read what there is now and end, as a scheduled job with --since does.")
  boolean once;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;

  @Override
  public void run() {
    Rule rule = new Rule(every, confidenceBelow, disagreementAbove);
    Thread hook = new Thread(this::stop, "label-candidates-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (CandidateCollector collector =
        CandidateCollector.open(
            kafka.clientProperties(),
            places(),
            rule,
            cameras,
            Instant.now().minus(since),
            this::print)) {
      if (once) {
        collector.catchUp();
        return;
      }
      while (!stopping) {
        collector.poll(WAIT);
      }
    } finally {
      ended.countDown();
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The program is being stopped already, by the hook.
    }
  }

  private Places places() {
    ControlTopics control = ControlTopics.withPrefix(topics.prefix);
    return new Places(
        topics.topics().masks(),
        topics.topics().statistics(),
        control.shadowMasks(),
        control.labelCandidates());
  }

  /// After a signal: the best so far of every camera is still written.
  private void stop() {
    stopping = true;
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void print(LabelCandidate candidate) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s camera=%s session=%s sequence=%d reason=%s doubt=%.3f release=%s%s%n",
        candidate.identity().captureTime(),
        candidate.identity().cameraId(),
        candidate.identity().sessionId(),
        candidate.identity().sequence(),
        candidate.reason().name().toLowerCase(Locale.ROOT),
        candidate.doubt(),
        candidate.mask().release(),
        candidate.otherRelease() == null ? "" : " other_release=" + candidate.otherRelease());
    out.flush();
  }
}
