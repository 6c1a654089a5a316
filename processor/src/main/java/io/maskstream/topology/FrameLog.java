package io.maskstream.topology;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// One partition of the frames topic, read a second time beside the stream's own consumer. Not
/// thread-safe; the task that reads closes it.
interface FrameLog extends AutoCloseable {

  /// The offset that the group goes on from; empty if it has committed none.
  OptionalLong committed();

  /// The first offset that retention has left.
  long firstOffset();

  /// Hands over every record of the range that the log still holds, in order.
  void replay(long from, long toExclusive, Consumer<Logged> sink);

  @Override
  void close();

  /// One record of the log.
  record Logged(
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {}

  /// Opens the log of a partition of the frames topic.
  @FunctionalInterface
  interface Opener {
    FrameLog open(int partition);
  }
}
