package io.maskstream.video;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A decoded picture, upright and on the release's grid.
///
/// Its pixels lie in native memory that belongs to the decoder's pool. Whoever holds the frame
/// closes it, once and on any thread; the pixels must not be touched afterwards.
public final class Frame implements AutoCloseable {

  private final Size size;
  private final Size sourceSize;
  private final ByteBuffer rgb;
  private final AtomicReference<@Nullable Consumer<ByteBuffer>> pool;

  /// @param size of the pixels
  /// @param sourceSize of the upright picture before scaling
  /// @param rgb height x width x 3 bytes, direct, full-range R'G'B'
  /// @param pool takes the pixels back when the frame is closed
  public Frame(Size size, Size sourceSize, ByteBuffer rgb, Consumer<ByteBuffer> pool) {
    if (!rgb.isDirect() || rgb.remaining() != size.pixels() * 3) {
      throw new IllegalArgumentException(
          "frame of " + size + " wants " + size.pixels() * 3 + " direct bytes, got " + rgb);
    }
    this.size = size;
    this.sourceSize = sourceSize;
    this.rgb = rgb;
    this.pool = new AtomicReference<>(pool);
  }

  public Size size() {
    return size;
  }

  public Size sourceSize() {
    return sourceSize;
  }

  /// The pixels, row-major, R G B; a view of its own with position 0.
  public ByteBuffer rgb() {
    return rgb.asReadOnlyBuffer();
  }

  @Override
  public void close() {
    Consumer<ByteBuffer> owner = pool.getAndSet(null);
    if (owner != null) {
      owner.accept(rgb);
    }
  }
}
