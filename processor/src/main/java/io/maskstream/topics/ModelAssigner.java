package io.maskstream.topics;

import io.maskstream.topology.Topics;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelHistory.FrameSize;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ModelStatus;
import io.maskstream.wire.ModelStatus.Loaded;
import io.maskstream.wire.ModelStatus.State;
import io.maskstream.wire.Release;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Assigns releases to one scope, in two phases: every processor that lives loads the release and
/// says that it is ready; then the assignment gets the capture time from which it holds. What one
/// processor refuses serves nowhere.
///
/// Two at work on one scope would write over each other's history: the later one fences the
/// earlier, whose next write fails. Not thread-safe; whoever opened it closes it.
public final class ModelAssigner implements AutoCloseable {

  /// From the decision to the first frame: what the decision may take to reach every processor, and
  /// what cameras' clocks may be ahead.
  public static final Duration MARGIN = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(100);

  private final ControlTopics topics;
  private final String scope;
  private final ModelReader reader;
  private final KafkaProducer<byte[], byte[]> producer;

  private ModelAssigner(
      ControlTopics topics,
      String scope,
      ModelReader reader,
      KafkaProducer<byte[], byte[]> producer) {
    this.topics = topics;
    this.scope = scope;
    this.reader = reader;
    this.producer = producer;
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @param scope [ModelHistory#ALL], `group/NAME` or `camera/ID`
  /// @throws TopicException if the brokers do not allow it, or none answers
  /// @throws AnswerException if a topic is missing
  public static ModelAssigner open(Properties client, ControlTopics topics, String scope) {
    AccessCheck.require(client, new AclTable(Topics.STANDARD, topics, ""), AclTable.Role.OPERATOR);
    ModelReader reader = ModelReader.open(client, topics);
    KafkaProducer<byte[], byte[]> producer = null;
    try {
      producer = producer(client, topics.models() + ":" + scope);
      producer.initTransactions();
      reader.catchUp();
      return new ModelAssigner(topics, scope, reader, producer);
    } catch (RuntimeException e) {
      if (producer != null) {
        producer.close(Duration.ZERO);
      }
      reader.close();
      throw e instanceof KafkaException
          ? new ModelException("releases cannot be assigned: topic=" + topics.models(), e)
          : e;
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Properties client, String transactions) {
    Map<String, Object> properties = new HashMap<>();
    client.forEach((key, value) -> properties.put(key.toString(), value));
    properties.put("transactional.id", transactions);
    properties.put("linger.ms", 0);
    properties.put("max.block.ms", Brokers.PATIENCE.toMillis());
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// The scope's assignments.
  public ModelHistory history() {
    return reader.history(scope);
  }

  /// Has a release prepared everywhere, then puts it in force.
  ///
  /// @param wait for all processors to be ready; zero asks nobody
  /// @param margin from the decision to the first capture time
  /// @param progress takes sentences for a person
  /// @return the assignment in force
  /// @throws ModelException if a processor refuses it, or is not ready in time; then nothing
  ///   changes
  public Assignment use(
      Release release,
      String uri,
      FrameSize frameSize,
      Duration wait,
      Duration margin,
      Consumer<String> progress) {
    return decide(
        history().prepare(release, uri, frameSize, Instant.now()), wait, margin, progress);
  }

  /// Puts what held before in force again, as a new assignment: what has been answered stays. Where
  /// the scope assigned nothing before, its release is withdrawn.
  ///
  /// @param note why, one sentence, where nobody asked for it
  /// @throws ModelException as [#use], and if nothing is assigned
  public Assignment rollback(
      Duration wait, Duration margin, String note, Consumer<String> progress) {
    Optional<Assignment> before = history().before();
    return before.isPresent()
        ? decide(history().prepareAgain(before.get(), Instant.now(), note), wait, margin, progress)
        : withdraw(margin, note);
  }

  /// Takes the release of the scope away: what a wider scope assigns holds then, or the release of
  /// the configuration.
  ///
  /// @throws ModelException if nothing is assigned
  public Assignment withdraw(Duration margin, String note) {
    if (history().newest().filter(newest -> !newest.withdrawn()).isEmpty()) {
      throw new ModelException(
          "no release is assigned: scope="
              + scope
              + "; name one with `maskstream model use`, or another scope");
    }
    return decide(history().prepareWithdrawal(Instant.now(), note), Duration.ZERO, margin, _ -> {});
  }

  /// Has every processor run a candidate beside the release in force, on a share of its frames.
  public Shadow shadow(Release release, String uri, FrameSize frameSize, double share) {
    ModelHistory shadowed = history().withShadow(release, uri, frameSize, Instant.now(), share);
    write(shadowed);
    return shadowed.candidate().orElseThrow();
  }

  /// Ends what [#shadow] began.
  public void endShadow() {
    write(history().withoutShadow());
  }

  /// Marks the candidate as rejected, unless it is another by now.
  ///
  /// @param number of its assignment
  public void reject(long number, String reason) {
    boolean runs =
        history()
            .candidate()
            .filter(shadow -> shadow.number() == number && !shadow.rejected())
            .isPresent();
    if (runs) {
      write(history().rejectShadow(reason));
    }
  }

  private Assignment decide(
      ModelHistory prepared, Duration wait, Duration margin, Consumer<String> progress) {
    if (wait.isPositive()) {
      write(prepared);
      try {
        awaitReady(prepared.prepared().orElseThrow(), wait, progress);
      } catch (ModelException | AnswerException e) {
        write(prepared.cancel());
        throw e;
      }
    }
    ModelHistory confirmed = prepared.confirm(Instant.now().plus(margin));
    write(confirmed);
    return confirmed.newest().orElseThrow();
  }

  private void awaitReady(Assignment prepared, Duration wait, Consumer<String> progress) {
    long begin = System.nanoTime();
    String told = "";
    while (true) {
      reader.poll(POLL);
      List<ModelStatus> live = reader.instances(Instant.now());
      for (ModelStatus instance : live) {
        Loaded loaded = of(instance, prepared);
        if (loaded != null && loaded.state() == State.REFUSED) {
          throw new ModelException(
              "release="
                  + prepared.release()
                  + " is refused by instance="
                  + instance.instanceId()
                  + " host="
                  + instance.host()
                  + ": "
                  + loaded.reason());
        }
      }
      List<ModelStatus> waiting =
          live.stream().filter(instance -> !ready(of(instance, prepared))).toList();
      String now = live.size() - waiting.size() + " of " + live.size() + " processors are ready";
      if (!now.equals(told)) {
        progress.accept(now);
        told = now;
      }
      if (!live.isEmpty() && waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() - begin > wait.toNanos()) {
        throw late(prepared, live, waiting, wait);
      }
    }
  }

  private static ModelException late(
      Assignment prepared, List<ModelStatus> live, List<ModelStatus> waiting, Duration wait) {
    return new ModelException(
        live.isEmpty()
            ? "no processor has reported within "
                + wait.toSeconds()
                + " s; start one, or assign without asking with --wait 0s"
            : "release="
                + prepared.release()
                + " is not ready within "
                + wait.toSeconds()
                + " s on "
                + waiting.stream().map(ModelStatus::instanceId).collect(Collectors.joining(", "))
                + "; wait longer with --wait, or look at `maskstream model status`");
  }

  private @Nullable Loaded of(ModelStatus instance, Assignment prepared) {
    return instance.releases().stream()
        .filter(each -> each.scope().equals(scope) && each.number() == prepared.number())
        .findFirst()
        .orElse(null);
  }

  private static boolean ready(@Nullable Loaded loaded) {
    return loaded != null && loaded.state() == State.READY;
  }

  private void write(ModelHistory history) {
    try {
      producer.beginTransaction();
      producer.send(
          new ProducerRecord<>(
              topics.models(), scope.getBytes(StandardCharsets.UTF_8), history.toBytes()));
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new ModelException(
          "another command assigns releases to scope="
              + scope
              + " at the same time, and goes first; look at `maskstream model status`",
          e);
    } catch (KafkaException e) {
      throw new ModelException("the assignment cannot be written: topic=" + topics.models(), e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
    reader.close();
  }
}
