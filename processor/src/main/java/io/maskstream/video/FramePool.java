package io.maskstream.video;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/// Direct buffers for the pixels of frames, reused by size. Thread-safe: frames are taken on a
/// decoder's thread and given back on any.
///
/// What is out belongs to the frames; what is idle here is bounded, and is left to the garbage
/// collector beyond that (a swap to a release of another size strands the old size).
final class FramePool {

  private static final long MAX_IDLE_BYTES = 256L << 20;
  private static final int ALIGNMENT = 64;

  /// swscale's vector code may write a few bytes past the last row.
  private static final int MARGIN = 64;

  private final Map<Integer, Queue<ByteBuffer>> idle = new HashMap<>();
  private long idleBytes;

  /// A direct buffer with position 0 and exactly this limit.
  ByteBuffer take(int bytes) {
    synchronized (this) {
      Queue<ByteBuffer> sameSize = idle.get(bytes);
      ByteBuffer buffer = sameSize == null ? null : sameSize.poll();
      if (buffer != null) {
        idleBytes -= bytes;
        return buffer.clear();
      }
    }
    return ByteBuffer.allocateDirect(bytes + MARGIN + ALIGNMENT)
        .alignedSlice(ALIGNMENT)
        .slice(0, bytes);
  }

  synchronized void giveBack(ByteBuffer buffer) {
    int bytes = buffer.capacity();
    if (idleBytes + bytes > MAX_IDLE_BYTES) {
      idle.keySet().removeIf(size -> size != bytes);
      idleBytes = idle.getOrDefault(bytes, new ArrayDeque<>()).size() * (long) bytes;
    }
    if (idleBytes + bytes <= MAX_IDLE_BYTES) {
      idle.computeIfAbsent(bytes, size -> new ArrayDeque<>()).add(buffer);
      idleBytes += bytes;
    }
  }

  synchronized long idleBytes() {
    return idleBytes;
  }
}
