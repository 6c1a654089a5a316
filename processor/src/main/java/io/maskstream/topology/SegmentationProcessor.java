package io.maskstream.topology;

import io.maskstream.topology.FrameLog.Logged;
import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Runs one task's [TaskPipeline] in Kafka Streams' time: records, and punctuations that exist only
/// while there is something to wait for, because each one costs a transaction.
///
/// Kafka Streams may call `init` again on the same instance; nothing of the life before remains.
final class SegmentationProcessor implements Processor<byte[], byte[], byte[], Object> {

  /// How often finished frames are looked for while no record comes.
  private static final Duration PUMP_INTERVAL = Duration.ofMillis(5);

  private static final Duration LONGEST_LISTEN_INTERVAL = Duration.ofSeconds(1);

  private final StreamParts parts;
  private final Duration listenInterval;

  private @Nullable Life life;

  SegmentationProcessor(StreamParts parts) {
    this.parts = parts;
    Duration quarter = parts.settings().timing().idle().dividedBy(4);
    Duration wanted =
        quarter.compareTo(LONGEST_LISTEN_INTERVAL) > 0 ? LONGEST_LISTEN_INTERVAL : quarter;
    this.listenInterval = wanted.toMillis() < 1 ? Duration.ofMillis(1) : wanted;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    close();
    life = new Life(context);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Life current = life;
    if (current == null) {
      throw new IllegalStateException("a record came before init");
    }
    current.take(record);
  }

  @Override
  public void close() {
    if (life != null) {
      life.end();
      life = null;
    }
  }

  /// From one `init` to the next.
  private final class Life {

    private final ProcessorContext<byte[], Object> context;
    private final TaskPipeline pipeline;
    private final Cancellable start;
    private final Cancellable forgetting;
    private @Nullable Cancellable pumping;
    private @Nullable Cancellable listening;
    private boolean recovered;
    private long lastListenMillis;

    Life(ProcessorContext<byte[], Object> context) {
      this.context = context;
      int partition = context.taskId().partition();
      ProgressStore store =
          new ProgressStore(
              context.getStateStore(ProgressStore.NAME), context::currentSystemTimeMs);
      pipeline = new TaskPipeline(partition, parts, store, new Outlet(context, partition, parts));
      start = schedule(Duration.ofMillis(1), _ -> recover(-1));
      forgetting = schedule(parts.settings().timing().forget().dividedBy(4), pipeline::forget);
    }

    void take(Record<byte[], byte[]> record) {
      RecordMetadata source = context.recordMetadata().orElseThrow();
      recover(source.offset());
      pipeline.accept(
          new Logged(
              source.offset(), record.timestamp(), record.key(), record.value(), record.headers()));
      pipeline.pump();
      pipeline.makeRoom();
      keepTime();
    }

    void end() {
      start.cancel();
      forgetting.cancel();
      stop(pumping);
      stop(listening);
      pipeline.close();
    }

    /// @param first the first record's offset; negative if none has come yet
    private void recover(long first) {
      if (!recovered) {
        recovered = true;
        start.cancel();
        pipeline.recover(first);
        keepTime();
      }
    }

    private void pump(long nowMillis) {
      pipeline.pump();
      keepTime();
    }

    private void listen(long nowMillis) {
      long elapsed = Math.min(nowMillis - lastListenMillis, 2 * listenInterval.toMillis());
      lastListenMillis = nowMillis;
      pipeline.passed(Duration.ofMillis(Math.max(0, elapsed)));
      pipeline.pump();
      if (!pipeline.listening()) {
        stop(listening);
        listening = null;
      }
      if (pipeline.answering() && pumping == null) {
        pumping = schedule(PUMP_INTERVAL, this::pump);
      }
    }

    private void keepTime() {
      if (pipeline.answering()) {
        if (pumping == null) {
          pumping = schedule(PUMP_INTERVAL, this::pump);
        }
      } else {
        stop(pumping);
        pumping = null;
      }
      if (listening == null && pipeline.listening()) {
        lastListenMillis = context.currentSystemTimeMs();
        listening = schedule(listenInterval, this::listen);
      }
    }

    private Cancellable schedule(Duration interval, Punctuator call) {
      return context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, call);
    }

    private static void stop(@Nullable Cancellable timer) {
      if (timer != null) {
        timer.cancel();
      }
    }
  }
}
