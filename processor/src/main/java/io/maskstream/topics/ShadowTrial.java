package io.maskstream.topics;

import io.maskstream.wire.ModelHistory.Shadow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// What a candidate has to show before it is promoted.
///
/// @param frames that it has to have seen
/// @param agreement least mean IoU, 0 to 1, of its masks and those of the release in force
public record ShadowTrial(long frames, double agreement) {

  /// The candidate of the scope.
  ///
  /// @throws ModelException if there is none
  public static Shadow candidate(ModelReader reader, String scope) {
    return reader
        .history(scope)
        .candidate()
        .orElseThrow(() ->
            new ModelException(
                "no candidate looks on: scope="
                    + scope
                    + "; begin with `maskstream model shadow RELEASE`"));
  }

  /// Waits until the candidate has seen enough.
  ///
  /// @param candidate the one that was assigned
  /// @param progress takes sentences for a person
  /// @throws ModelException if it is rejected or ended by someone else, or sees too few frames
  public ShadowSummary await(
      ModelReader reader,
      String scope,
      Shadow candidate,
      Duration longest,
      Consumer<String> progress) {
    Instant end = Instant.now().plus(longest);
    long told = -1;
    while (true) {
      reader.poll(Duration.ofMillis(200));
      ShadowSummary summary = ShadowSummary.of(reader.reports(scope, candidate));
      long seen = summary.candidate().frames();
      if (seen != told && (told < 0 || seen - told >= frames / 5 || seen >= frames)) {
        told = seen;
        progress.accept(sentence(summary));
      }
      refuseRejected(reader, scope, candidate);
      if (seen >= frames) {
        return summary;
      }
      if (Instant.now().isAfter(end)) {
        throw new ModelException(
            "the candidate has seen "
                + seen
                + " of "
                + frames
                + " frames within "
                + longest.toSeconds()
                + " s; it goes on: wait longer with --for, show it more with --share, or look at"
                + " `maskstream model status`");
      }
    }
  }

  private static void refuseRejected(ModelReader reader, String scope, Shadow candidate) {
    Optional<Shadow> now =
        reader.history(scope).candidate().filter(each -> each.number() == candidate.number());
    if (now.isEmpty() && reader.history(scope).newest().isPresent()
        || now.filter(Shadow::rejected).isPresent()) {
      throw new ModelException(
          "candidate="
              + candidate.release()
              + now.map(each -> " is rejected: " + each.rejection())
                  .orElse(" was ended by another command"));
    }
  }

  /// @throws ModelException if the candidate has not shown what was asked for
  public void require(Shadow candidate, ShadowSummary summary) {
    if (candidate.rejected()) {
      throw new ModelException(
          "candidate=" + candidate.release() + " is rejected: " + candidate.rejection());
    }
    if (summary.candidate().frames() < frames) {
      throw new ModelException(
          "candidate="
              + candidate.release()
              + " has seen "
              + summary.candidate().frames()
              + " of "
              + frames
              + " frames; wait, ask for fewer with --frames, or promote it with --force");
    }
    OptionalDouble iou = summary.meanIou();
    if (iou.orElse(0) < agreement) {
      throw new ModelException(
          "candidate=%s agrees with the release in force by a mean IoU of %.3f, less than %.3f; look at `maskstream model diff`, or promote it with --force"
              .formatted(candidate.release(), iou.orElse(0), agreement));
    }
  }

  private static String sentence(ShadowSummary summary) {
    return "%d frames, mean IoU %.3f, %.1f ms a frame beside %.1f ms, %d failed"
        .formatted(
            summary.candidate().frames(),
            summary.meanIou().orElse(0),
            summary.candidate().inference().toNanos() / 1e6,
            summary.serving().inference().toNanos() / 1e6,
            summary.candidate().failed());
  }
}
