package io.maskstream.trainer.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;

/// The native memory of one batch after another; grows to the largest. Used by one thread at a
/// time.
final class BatchMemory implements AutoCloseable {

  /// A cache line, and what vector instructions like.
  private static final long ALIGNMENT = 64;

  private Arena arena = Arena.ofShared();
  private MemorySegment rgb = MemorySegment.NULL;
  private MemorySegment labels = MemorySegment.NULL;

  /// Copies pictures of one size.
  ///
  /// @throws LabelledSetException if their sizes differ
  Batch fill(long step, List<LabelledPicture> pictures) {
    int width = pictures.getFirst().width();
    int height = pictures.getFirst().height();
    long pixels = (long) width * height;
    grow(pixels * pictures.size());
    ByteBuffer rgbs = rgb.asSlice(0, pixels * pictures.size() * 3).asByteBuffer();
    LongBuffer ids =
        labels
            .asSlice(0, pixels * pictures.size() * Long.BYTES)
            .asByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asLongBuffer();
    for (LabelledPicture picture : pictures) {
      if (picture.width() != width || picture.height() != height) {
        throw new LabelledSetException(
            "pictures of one batch differ in size: %s is %dx%d, %s is %dx%d; set a crop size, or "
                    .formatted(
                        pictures.getFirst().name(),
                        width,
                        height,
                        picture.name(),
                        picture.width(),
                        picture.height())
                + "a batch size of 1");
      }
      rgbs.put(picture.picture().rgb());
      for (byte id : picture.labels().classes()) {
        ids.put(id & 0xff);
      }
    }
    return new Batch(
        step,
        pictures.stream().map(LabelledPicture::name).toList(),
        width,
        height,
        rgbs.flip(),
        ids.flip());
  }

  private void grow(long pixels) {
    if (rgb.byteSize() < pixels * 3) {
      arena.close();
      arena = Arena.ofShared();
      rgb = arena.allocate(pixels * 3, ALIGNMENT);
      labels = arena.allocate(pixels * Long.BYTES, ALIGNMENT);
    }
  }

  /// May be called again.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
