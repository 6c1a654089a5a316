package io.maskstream.relabel;

import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topology.Topics;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/// The masks on the topic of which the network was least sure.
public final class LeastSure {

  /// Neighbours are doubtful together; one of them is enough.
  private static final long APART_MILLIS = 2000;

  private LeastSure() {}

  private record Slot(String cameraId, long number) {}

  private record Doubtful(Identity identity, double doubt) {}

  /// @param client properties of any Kafka client: brokers and security
  /// @param cameras empty for every camera
  /// @param since capture time of the first mask that counts
  /// @return by camera in the order of their capture; none of a release without confidence
  /// @throws io.maskstream.topics.AnswerException if a topic is missing, or no broker answers
  public static List<Answer.OfMask> of(
      Properties client, Topics topics, Collection<String> cameras, Instant since, int count) {
    List<Identity> wanted = identities(client, topics, cameras, since, count);
    Set<Identity> missing = wanted.stream().collect(Collectors.toSet());
    List<Answer.OfMask> masks = new ArrayList<>();
    if (wanted.isEmpty()) {
      return masks;
    }
    Instant first =
        wanted.stream().map(Identity::captureTime).min(Instant::compareTo).orElseThrow();
    try (AnswerReader reader =
        AnswerReader.open(client, new Of(topics.masks(), null, cameras), new From.Since(first))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfMask mask && missing.remove(mask.mask().identity())) {
          masks.add(mask);
        }
      });
    }
    return masks;
  }

  private static List<Identity> identities(
      Properties client, Topics topics, Collection<String> cameras, Instant since, int count) {
    Map<Slot, Doubtful> worst = new HashMap<>();
    try (AnswerReader reader =
        AnswerReader.open(
            client, new Of(null, topics.statistics(), cameras), new From.Since(since))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfStatistics(_, FrameStatistics statistics)) {
          Identity identity = statistics.identity();
          long slot = identity.captureTime().toEpochMilli() / APART_MILLIS;
          Doubt.ofConfidence(statistics)
              .ifPresent(doubt ->
                  worst.merge(
                      new Slot(identity.cameraId(), slot),
                      new Doubtful(identity, doubt),
                      (one, other) -> one.doubt() >= other.doubt() ? one : other));
        }
      });
    }
    return worst.values().stream()
        .sorted(Comparator.comparingDouble(Doubtful::doubt).reversed())
        .limit(count)
        .map(Doubtful::identity)
        .toList();
  }
}
