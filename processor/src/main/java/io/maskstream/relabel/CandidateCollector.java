package io.maskstream.relabel;

import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.AnswerJoin;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.CandidateLog;
import io.maskstream.wire.Identity;
import io.maskstream.wire.LabelCandidate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Reads answers as they come and writes the doubtful ones to the topic of label candidates.
///
/// What it has chosen lies on that topic, so it keeps no state of its own: begun again, it goes on
/// after each camera's newest candidate. One is enough for a cluster; several take their share if
/// each is given cameras of its own.
///
/// Not thread-safe; whoever opened it closes it.
public final class CandidateCollector implements AutoCloseable {

  private final AnswerReader answers;
  private final AnswerReader shadows;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Places places;
  private final AnswerJoin<Answer.OfMask> join;
  private final CandidateChoice choice;

  /// Topics that are read and written.
  ///
  /// @param shadowMasks masks that another release makes of the same frames
  public record Places(String masks, String statistics, String shadowMasks, String candidates) {}

  private CandidateCollector(
      AnswerReader answers,
      AnswerReader shadows,
      KafkaProducer<byte[], byte[]> producer,
      Places places,
      Rule rule,
      Consumer<LabelCandidate> told) {
    this.answers = answers;
    this.shadows = shadows;
    this.producer = producer;
    this.places = places;
    this.choice =
        new CandidateChoice(
            rule,
            candidate -> {
              send(candidate);
              told.accept(candidate);
            });
    this.join =
        new AnswerJoin<>(
            mask -> mask,
            (mask, statistics) -> {
              if (statistics != null) {
                choice.answered(mask.mask(), statistics, Instant.now());
              }
            });
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @param cameras empty for every camera
  /// @param told of every candidate that has been written
  /// @throws AnswerException if a topic is missing, or no broker answers for ten seconds
  public static CandidateCollector open(
      Properties client,
      Places places,
      Rule rule,
      Collection<String> cameras,
      Instant since,
      Consumer<LabelCandidate> told) {
    List<Identity> chosen = new ArrayList<>();
    CandidateLog.read(
        client,
        places.candidates(),
        since.minus(rule.every()),
        candidate -> chosen.add(candidate.identity()));
    From from = new From.Since(since);
    AnswerReader shadows =
        AnswerReader.open(client, new Of(places.shadowMasks(), null, cameras), from);
    try {
      AnswerReader answers =
          AnswerReader.open(client, new Of(places.masks(), places.statistics(), cameras), from);
      CandidateCollector collector =
          new CandidateCollector(answers, shadows, producer(client), places, rule, told);
      chosen.forEach(collector.choice::chosen);
      return collector;
    } catch (RuntimeException e) {
      shadows.close();
      throw e;
    }
  }

  /// Reads what has come, waiting for it if need be. Shadow masks are read first: a span of time
  /// that published masks have closed takes no disagreement any more.
  public void poll(Duration wait) {
    readShadows();
    answers.poll(wait, join::add);
    choice.tick(Instant.now());
  }

  /// Reads everything that is committed now.
  ///
  /// @throws AnswerException if the brokers hand out nothing for ten seconds
  public void catchUp() {
    readShadows();
    answers.drain(join::add);
  }

  private void readShadows() {
    shadows.drain(answer -> {
      if (answer instanceof Answer.OfMask shadow) {
        choice.shadowed(shadow.mask());
      }
    });
  }

  /// Writes the best so far of every camera.
  @Override
  public void close() {
    try (answers;
        shadows;
        producer) {
      choice.flush();
    }
  }

  private void send(LabelCandidate candidate) {
    byte[] key = candidate.identity().cameraId().getBytes(StandardCharsets.UTF_8);
    try {
      producer.send(new ProducerRecord<>(places.candidates(), key, candidate.toBytes())).get();
    } catch (ExecutionException e) {
      throw new AnswerException(
          "label candidate cannot be written: topic=%s camera=%s"
              .formatted(places.candidates(), candidate.identity().cameraId()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnswerException("stopped while a label candidate was being written", e);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Properties client) {
    Map<String, Object> properties = new HashMap<>();
    client.forEach((key, value) -> properties.put(key.toString(), value));
    properties.put("compression.type", "zstd");
    properties.put("max.request.size", 8 << 20);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
