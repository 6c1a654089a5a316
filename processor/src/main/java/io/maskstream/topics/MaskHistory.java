package io.maskstream.topics;

import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.wire.Mask;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The newest masks of one camera, looked for from the end of the topic. Not thread-safe; whoever
/// opened it closes it.
public final class MaskHistory implements AutoCloseable {

  private static final long FIRST_LOOK = 128;
  private static final long LONGEST_LOOK = 200_000;

  private final Properties client;
  private final String topic;
  private final String camera;
  private final AnswerReader reader;

  private MaskHistory(Properties client, String topic, String camera, AnswerReader reader) {
    this.client = client;
    this.topic = topic;
    this.camera = camera;
    this.reader = reader;
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @param topic of masks
  /// @throws AnswerException if the topic is missing, or no broker answers for ten seconds
  public static MaskHistory open(Properties client, String topic, String camera) {
    return new MaskHistory(
        client,
        topic,
        camera,
        AnswerReader.open(client, new Of(topic, null, Set.of(camera)), new From.End()));
  }

  /// The newest masks that are wanted, oldest of them first.
  ///
  /// @throws AnswerException if there is none
  public List<Answer.OfMask> last(int max, String wantedInWords, Predicate<Mask> wanted) {
    boolean everything = false;
    for (long records = FIRST_LOOK; !everything && records <= LONGEST_LOOK; records *= 8) {
      everything = reader.lookBack(records);
      Deque<Answer.OfMask> newest = new ArrayDeque<>();
      reader.drain(answer -> {
        if (answer instanceof Answer.OfMask mask && wanted.test(mask.mask())) {
          newest.add(mask);
          if (newest.size() > max) {
            newest.remove();
          }
        }
      });
      if (newest.size() == max || (everything && !newest.isEmpty())) {
        return List.copyOf(newest);
      }
    }
    throw nothing(wantedInWords, everything);
  }

  /// Why nothing of a camera was found, with the cameras that there are.
  AnswerException nothing(String wantedInWords, boolean everything) {
    Set<String> cameras = cameras(client, topic);
    if (cameras.isEmpty()) {
      return new AnswerException(
          "topic is empty: "
              + topic
              + " bootstrap.servers="
              + client.get("bootstrap.servers")
              + "; publish a camera and start the processor with `maskstream run`");
    }
    return new AnswerException(
        "no %s: camera=%s topic=%s%s; cameras there: %s"
            .formatted(
                wantedInWords,
                camera,
                topic,
                everything ? "" : " (in its last " + LONGEST_LOOK + " records)",
                String.join(", ", cameras)));
  }

  /// Cameras among the newest records of every partition of a topic of masks.
  public static Set<String> cameras(Properties client, String topic) {
    try (AnswerReader every =
        AnswerReader.open(client, new Of(topic, null, Set.of()), new From.End())) {
      every.lookBack(FIRST_LOOK);
      every.drain(_ -> {});
      return new TreeSet<>(every.camerasSeen());
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
