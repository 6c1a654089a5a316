package io.maskstream.topics;

import io.maskstream.painting.RgbPicture;
import io.maskstream.topology.DecoderFactory;
import io.maskstream.video.Decoder;
import io.maskstream.video.Frame;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The pictures that masks were made from, decoded again from the frames topic in their own size.
/// Not thread-safe; whoever opened it closes it.
public final class FramePictures implements AutoCloseable {

  private static final long FIRST_LOOK = 64;

  /// Records before the picture that are searched for its keyframe.
  private static final long LONGEST_LOOK = 16_384;

  /// Access units after the picture that a decoder may want before it hands the picture out.
  private static final int MOST_AHEAD = 32;

  private static final Duration WAIT = Duration.ofMillis(500);

  private final Brokers brokers;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final Set<TopicPartition> partitions;
  private final DecoderFactory decoders;

  private FramePictures(
      Brokers brokers,
      KafkaConsumer<byte[], byte[]> consumer,
      String topic,
      Set<TopicPartition> partitions,
      DecoderFactory decoders) {
    this.brokers = brokers;
    this.consumer = consumer;
    this.topic = topic;
    this.partitions = partitions;
    this.decoders = decoders;
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @param topic of access units
  /// @throws AnswerException if the topic is missing, or no broker answers for ten seconds
  public static FramePictures open(Properties client, String topic, DecoderFactory decoders) {
    Brokers brokers = new Brokers(client);
    KafkaConsumer<byte[], byte[]> consumer = brokers.consumer();
    try {
      Set<TopicPartition> partitions =
          Set.copyOf(brokers.partitions(consumer, List.of(topic), Set.of()));
      return new FramePictures(brokers, consumer, topic, partitions, decoders);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /// The upright picture of a mask.
  ///
  /// @throws AnswerException if its access unit or the keyframe before it is gone, or cannot be
  ///   decoded
  public RgbPicture of(Mask mask) {
    TopicPartition partition = new TopicPartition(topic, mask.source().partition());
    if (!partitions.contains(partition)) {
      throw new AnswerException(
          "the mask's access unit lies in a partition that the topic has not: " + place(mask));
    }
    long begin =
        brokers
            .asked(() -> consumer.beginningOffsets(Set.of(partition)))
            .getOrDefault(partition, 0L);
    long offset = mask.source().offset();
    if (offset < begin) {
      throw gone(mask);
    }
    for (long look = FIRST_LOOK; ; look *= 4) {
      long from = Math.max(begin, offset - look);
      List<Unit> units = units(partition, from, offset + 1, session(mask.identity()));
      requireSame(units, mask);
      Optional<RgbPicture> picture = decode(units, partition, mask);
      if (picture.isPresent()) {
        return picture.get();
      }
      if (from == begin || look >= LONGEST_LOOK) {
        throw new AnswerException(
            "no picture comes out of the access unit, even from the keyframes before it: "
                + place(mask)
                + "; its keyframe may be deleted by retention: show a newer mask");
      }
    }
  }

  /// The newest upright picture of a camera.
  ///
  /// @throws AnswerException if nothing of the camera is kept, or none of it can be decoded
  public RgbPicture newest(String cameraId) {
    Map<TopicPartition, Long> begins = brokers.asked(() -> consumer.beginningOffsets(partitions));
    Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
    boolean seen = false;
    for (long look = FIRST_LOOK; look <= LONGEST_LOOK; look *= 4) {
      for (TopicPartition partition : partitions) {
        long end = ends.getOrDefault(partition, 0L);
        long from = Math.max(begins.getOrDefault(partition, 0L), end - look);
        List<Unit> units =
            units(partition, from, end, identity -> identity.cameraId().equals(cameraId));
        seen |= !units.isEmpty();
        Optional<RgbPicture> picture = decodeNewest(units);
        if (picture.isPresent()) {
          return picture.get();
        }
      }
    }
    throw new AnswerException(
        seen
            ? "no picture comes out of what the topic holds of the camera: camera=%s topic=%s"
                .formatted(cameraId, topic)
            : "the topic holds nothing new of the camera: camera=%s topic=%s; `maskstream camera list` names those that send"
                .formatted(cameraId, topic));
  }

  /// A camera's newest access units, from a keyframe on, of one session.
  ///
  /// @param count of them at least, unless less is kept
  /// @throws AnswerException if nothing of the camera is kept that begins with a keyframe
  public List<AccessUnit> newest(String cameraId, int count) {
    Map<TopicPartition, Long> begins = brokers.asked(() -> consumer.beginningOffsets(partitions));
    Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
    List<AccessUnit> best = List.of();
    for (long look = FIRST_LOOK; look <= LONGEST_LOOK && best.size() < count; look *= 4) {
      for (TopicPartition partition : partitions) {
        long end = ends.getOrDefault(partition, 0L);
        long from = Math.max(begins.getOrDefault(partition, 0L), end - look);
        List<AccessUnit> units =
            fromKeyframe(
                units(partition, from, end, identity -> identity.cameraId().equals(cameraId)),
                count);
        best = units.size() > best.size() ? units : best;
      }
    }
    if (best.isEmpty()) {
      throw new AnswerException(
          "the topic holds no keyframe of the camera: camera=%s topic=%s; `maskstream camera list` names those that send"
              .formatted(cameraId, topic));
    }
    return best;
  }

  /// From the last keyframe that so many follow, or the first one.
  private static List<AccessUnit> fromKeyframe(List<Unit> units, int count) {
    int first = units.size();
    for (int i = units.size() - 1; i >= 0; i--) {
      AccessUnit unit = units.get(i).unit();
      if (!unit.identity().sessionId().equals(units.getLast().unit().identity().sessionId())) {
        break;
      }
      if (unit.keyframe()) {
        first = i;
        if (units.size() - i >= count) {
          break;
        }
      }
    }
    return units.subList(first, units.size()).stream().map(Unit::unit).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }

  /// Decodes from the last keyframe, and if that gives nothing, from earlier ones: pictures that
  /// lead a keyframe in presentation order refer to the group before it (open GOP).
  private Optional<RgbPicture> decode(List<Unit> units, TopicPartition partition, Mask mask) {
    int tries = 2;
    for (int i = units.size() - 1; i >= 0 && tries > 0; i--) {
      if (units.get(i).unit().keyframe()) {
        tries--;
        Optional<RgbPicture> picture =
            decodeFrom(units.subList(i, units.size()), partition, mask.source().offset());
        if (picture.isPresent()) {
          return picture;
        }
      }
    }
    return Optional.empty();
  }

  /// From the last keyframe to the end, whose last picture it is.
  private Optional<RgbPicture> decodeNewest(List<Unit> units) {
    int first = units.size() - 1;
    while (first >= 0 && !units.get(first).unit().keyframe()) {
      first--;
    }
    if (first < 0) {
      return Optional.empty();
    }
    RgbPicture newest = null;
    try (Decoder decoder = decoders.open(upright -> upright)) {
      for (Unit unit : units.subList(first, units.size())) {
        newest = last(decoder.decode(unit.unit(), unit.offset(), true), newest);
      }
      return Optional.ofNullable(last(decoder.drain(), newest));
    }
  }

  private static @Nullable RgbPicture last(List<Result> results, @Nullable RgbPicture before) {
    RgbPicture last = before;
    for (Result result : results) {
      if (result instanceof Result.Decoded(_, Frame frame)) {
        try (frame) {
          last = RgbPicture.copyOf(frame.size().width(), frame.size().height(), frame.rgb());
        }
      }
    }
    return last;
  }

  private Optional<RgbPicture> decodeFrom(List<Unit> units, TopicPartition partition, long wanted) {
    Picture picture = new Picture(wanted);
    try (Decoder decoder = decoders.open(upright -> upright)) {
      for (Unit unit : units) {
        picture.take(decoder.decode(unit.unit(), unit.offset(), unit.offset() == wanted));
      }
      if (!picture.isDue()) {
        Identity identity = units.getLast().unit().identity();
        for (Unit unit : ahead(partition, wanted + 1, identity)) {
          picture.take(decoder.decode(unit.unit(), unit.offset(), false));
          if (picture.isDue()) {
            return picture.found();
          }
        }
        picture.take(decoder.drain());
      }
      return picture.found();
    }
  }

  /// The wanted access units in a range of offsets.
  private List<Unit> units(
      TopicPartition partition, long from, long toExclusive, Predicate<Identity> wanted) {
    List<Unit> units = new ArrayList<>();
    start(partition, from);
    while (position(partition) < toExclusive) {
      long before = position(partition);
      for (ConsumerRecord<byte[], byte[]> record : poll(Brokers.PATIENCE)) {
        if (record.offset() < toExclusive) {
          add(units, record, wanted);
        }
      }
      if (position(partition) == before) {
        throw brokers.silent();
      }
    }
    return units;
  }

  /// The session's next access units, as far as they are there.
  private List<Unit> ahead(TopicPartition partition, long from, Identity identity) {
    List<Unit> units = new ArrayList<>();
    start(partition, from);
    while (units.size() < MOST_AHEAD) {
      long before = position(partition);
      for (ConsumerRecord<byte[], byte[]> record : poll(WAIT)) {
        add(units, record, session(identity));
      }
      if (position(partition) == before) {
        break;
      }
    }
    return units;
  }

  private void start(TopicPartition partition, long from) {
    consumer.assign(Set.of(partition));
    consumer.seek(partition, from);
  }

  private long position(TopicPartition partition) {
    return brokers.asked(() -> consumer.position(partition));
  }

  private Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    return brokers.asked(() -> consumer.poll(wait));
  }

  private static void add(
      List<Unit> units, ConsumerRecord<byte[], byte[]> record, Predicate<Identity> wanted) {
    String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
    try {
      AccessUnit unit = AccessUnits.parse(key, record.value(), Integer.MAX_VALUE);
      if (wanted.test(unit.identity()) && !unit.endOfSession()) {
        units.add(new Unit(record.offset(), unit));
      }
    } catch (WireException _) {
      // The stream has answered it with a dead letter; no picture needs it.
    }
  }

  private static Predicate<Identity> session(Identity of) {
    return identity ->
        identity.cameraId().equals(of.cameraId()) && identity.sessionId().equals(of.sessionId());
  }

  private void requireSame(List<Unit> units, Mask mask) {
    if (units.isEmpty()
        || units.getLast().offset() != mask.source().offset()
        || units.getLast().unit().identity().sequence() != mask.identity().sequence()) {
      throw new AnswerException(
          "another record lies where the mask's access unit was: "
              + place(mask)
              + "; was the topic deleted and created again?");
    }
  }

  private AnswerException gone(Mask mask) {
    return new AnswerException(
        "the mask's access unit is deleted by retention: "
            + place(mask)
            + "; show a newer mask, or keep frames for longer (retention.ms of the topic)");
  }

  private String place(Mask mask) {
    return "camera=%s sequence=%d record=%s-%d@%d"
        .formatted(
            mask.identity().cameraId(),
            mask.identity().sequence(),
            topic,
            mask.source().partition(),
            mask.source().offset());
  }

  private record Unit(long offset, AccessUnit unit) {}

  /// Waits for one picture among results, and closes all frames.
  private static final class Picture {

    private final long wanted;
    private boolean due;
    private @Nullable RgbPicture picture;

    Picture(long wanted) {
      this.wanted = wanted;
    }

    void take(List<Result> results) {
      for (Result result : results) {
        switch (result) {
          case Result.Decoded(long ticket, Frame frame) -> {
            try (frame) {
              if (ticket == wanted) {
                due = true;
                picture =
                    RgbPicture.copyOf(frame.size().width(), frame.size().height(), frame.rgb());
              }
            }
          }
          case Result.Damaged(long ticket, var _) -> due |= ticket == wanted;
          case Result.Beside(_, Frame frame) -> frame.close();
          case Result.Passed _, Result.Pending _ -> {}
        }
      }
    }

    boolean isDue() {
      return due;
    }

    Optional<RgbPicture> found() {
      return Optional.ofNullable(picture);
    }
  }
}
