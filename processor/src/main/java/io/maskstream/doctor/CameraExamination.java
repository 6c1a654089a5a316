package io.maskstream.doctor;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.doctor.Finding.Level;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.FrameSample;
import io.maskstream.topics.FrameSample.Pulse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// The cameras that send, their clocks and ours.
record CameraExamination(ProcessorConfig config, List<Finding> findings) {

  /// Latency is read off the clocks of two machines.
  private static final Duration CLOCK_WARNING = Duration.ofSeconds(2);

  private static final Duration CLOCK_FAILURE = Duration.ofSeconds(10);

  /// What a viewer that has just been opened looks back for a picture to begin with.
  private static final Duration GAP_WARNING = Duration.ofSeconds(4);

  private static final Duration GAP_FAILURE = Duration.ofSeconds(10);

  void run() {
    String topic = config.stream().topics().frames();
    try {
      FrameSample sample = FrameSample.read(config.kafkaClient(), topic);
      ownClock(sample);
      if (sample.cameras().isEmpty()) {
        findings.add(
            Finding.warning(
                "cameras",
                "topic=%s cameras=0 in the last %d s"
                    .formatted(topic, FrameSample.LOOK_BACK.toSeconds()),
                "publish one with `maskstream camera publish`; `maskstream camera list` tells which are down"));
      }
      if (sample.unreadable() > 0) {
        findings.add(
            Finding.warning(
                "cameras",
                "topic=%s unreadable=%d records are no access units"
                    .formatted(topic, sample.unreadable()),
                "see what writes them: topic=" + config.stream().topics().deadLetters()));
      }
      new TreeMap<>(sample.cameras()).forEach(this::camera);
    } catch (AnswerException e) {
      findings.add(
          Finding.failed(
              Level.FAILURE,
              "cameras",
              String.valueOf(e.getMessage()),
              "check the kafka.* and consumer.* keys of the configuration"));
    }
  }

  private void ownClock(FrameSample sample) {
    if (sample.brokersAhead().isEmpty()) {
      return;
    }
    Duration ahead = sample.brokersAhead().get();
    // A record from before is older than now by any clock.
    if (sample.live() || ahead.isPositive()) {
      findings.add(
          clock(
              "this machine against the brokers: brokers.ahead=" + seconds(ahead),
              ahead,
              "let NTP or PTP set the clocks of this machine and of the brokers"));
    } else {
      findings.add(
          Finding.ok(
              "clocks",
              "this machine is not behind the brokers; no frame came meanwhile to tell more"));
    }
  }

  private void camera(String name, Pulse pulse) {
    pulse
        .captureAhead()
        .ifPresent(ahead ->
            findings.add(
                clock(
                    "camera=%s capture.ahead=%s".formatted(name, seconds(ahead)),
                    ahead,
                    "let NTP set the clock of the camera or of its publisher, or, if the frames are"
                        + " late, look at what delays the publisher")));
    Duration gap = pulse.keyframeGap();
    String what =
        "camera=%s keyframe.gap=%s frames=%d keyframes=%d"
            .formatted(name, seconds(gap), pulse.frames(), pulse.keyframes());
    String remedy =
        "set the camera's keyframe interval (GOP, I-frame interval) to 1 or 2 s: a restart, a lost"
            + " frame and a new viewer wait for the next keyframe";
    Level level = graded(gap, GAP_WARNING, GAP_FAILURE);
    findings.add(new Finding(level, "keyframes", what, level == Level.OK ? "" : remedy));
  }

  private static Finding clock(String what, Duration ahead, String remedy) {
    Level level = graded(ahead.abs(), CLOCK_WARNING, CLOCK_FAILURE);
    return new Finding(level, "clocks", what, level == Level.OK ? "" : remedy);
  }

  private static Level graded(Duration value, Duration warning, Duration failure) {
    if (value.compareTo(failure) >= 0) {
      return Level.FAILURE;
    }
    return value.compareTo(warning) >= 0 ? Level.WARNING : Level.OK;
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
