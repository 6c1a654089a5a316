package io.maskstream.topology;

import io.maskstream.wire.CameraProgress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The progress of every camera of one partition, in the store of the task. Not thread-safe.
///
/// The empty key, which no camera can have, holds the offset of the last dead letter.
final class ProgressStore {

  static final String NAME = "camera-progress";

  private static final String DEAD_LETTERS = "";

  private final KeyValueStore<String, byte[]> store;
  private final LongSupplier nowMillis;

  ProgressStore(KeyValueStore<String, byte[]> store, LongSupplier nowMillis) {
    this.store = store;
    this.nowMillis = nowMillis;
  }

  void put(CameraTrack track) {
    Instant now = Instant.ofEpochMilli(nowMillis.getAsLong());
    store.put(track.cameraId, track.progress.toRecord(now).toBytes());
  }

  void remove(String cameraId) {
    store.delete(cameraId);
  }

  /// Every camera.
  Map<String, Progress> all() {
    Map<String, Progress> cameras = new HashMap<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> each = all.next();
        if (!each.key.equals(DEAD_LETTERS)) {
          cameras.put(each.key, Progress.of(CameraProgress.parse(each.value)));
        }
      }
    }
    return cameras;
  }

  /// Cameras that have sent nothing since.
  List<String> settledBefore(long millis) {
    List<String> settled = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> each = all.next();
        if (!each.key.equals(DEAD_LETTERS)) {
          CameraProgress progress = CameraProgress.parse(each.value);
          if (progress.settled() && progress.changedAt().toEpochMilli() < millis) {
            settled.add(each.key);
          }
        }
      }
    }
    return settled;
  }

  /// The offset of the last record that went to the dead letters; -1 if none did.
  long deadLetteredThrough() {
    byte[] stored = store.get(DEAD_LETTERS);
    return stored == null ? -1 : ByteBuffer.wrap(stored).getLong();
  }

  void deadLettered(long offset) {
    store.put(DEAD_LETTERS, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }
}
