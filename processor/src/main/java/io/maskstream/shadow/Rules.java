package io.maskstream.shadow;

import io.maskstream.shadow.Tally.Recent;
import io.maskstream.wire.ShadowReport.Figures;
import java.time.Duration;
import java.util.Optional;

/// When a release has gone bad. Failures count by themselves; time and constant class beside what
/// another release does on the same cameras, since a picture can be all sky and a machine slow.
///
/// @param failures most failed frames among the last 500, and most failed micro-batches
/// @param slowdown how many times as long as the other release's its runs may take
/// @param budget longest run, by frame; empty for none
public record Rules(int failures, double slowdown, Optional<Duration> budget) {

  /// Runs and frames before time and class are judged.
  private static final int LEAST = 20;

  /// Of a candidate no failure is accepted: it is there to be found out.
  public static Rules ofCandidate(double slowdown, Optional<Duration> budget) {
    return new Rules(0, slowdown, budget);
  }

  /// A release in force may fail on a frame that no release could take.
  public static Rules ofServing(double slowdown, Optional<Duration> budget) {
    return new Rules(1, slowdown, budget);
  }

  /// What is wrong with a release, one sentence; nothing while it is well.
  ///
  /// @param other the release that it stands beside, or came after
  public Optional<String> fault(Tally release, Tally other) {
    Figures all = release.figures();
    Recent recent = release.recent();
    if (recent.failed() > failures) {
      return Optional.of(
          "it failed on %d of the last %d frames, %s"
              .formatted(
                  recent.failed(),
                  recent.frames(),
                  all.notANumber() > 0 ? "its scores being no numbers (NaN)" : "see the log"));
    }
    if (all.failedBatches() > failures) {
      return Optional.of(
          "it failed on %d micro-batches of several frames".formatted(all.failedBatches()));
    }
    return late(recent, other.recent()).or(() -> constant(recent, other.recent()));
  }

  private Optional<String> late(Recent release, Recent other) {
    if (release.runs() < LEAST) {
      return Optional.empty();
    }
    double millis = release.inference().toNanos() / 1e6;
    if (budget.isPresent() && release.inference().compareTo(budget.get()) > 0) {
      return Optional.of(
          "it takes %.1f ms a frame, more than the %.1f ms of model.frame.budget.ms"
              .formatted(millis, budget.get().toNanos() / 1e6));
    }
    double others = other.inference().toNanos() / 1e6;
    return other.runs() >= LEAST && millis > slowdown * others
        ? Optional.of(
            "it takes %.1f ms a frame, more than %.0f times the %.1f ms of the other release"
                .formatted(millis, slowdown, others))
        : Optional.empty();
  }

  private static Optional<String> constant(Recent release, Recent other) {
    boolean known = release.lately() >= LEAST && other.lately() >= LEAST;
    return known
            && release.constant() >= 0.95 * release.lately()
            && other.constant() < 0.5 * other.lately()
        ? Optional.of(
            "it saw one class only in %d of the last %d frames, the other release in %d of %d"
                .formatted(release.constant(), release.lately(), other.constant(), other.lately()))
        : Optional.empty();
  }
}
