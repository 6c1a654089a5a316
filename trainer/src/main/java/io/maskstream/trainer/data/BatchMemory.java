package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The native memory of one batch after another; grows to the largest. Used by one thread at a
/// time.
final class BatchMemory implements AutoCloseable {

  /// A cache line, and what vector instructions like.
  private static final long ALIGNMENT = 64;

  private static final int COLOURS = 3;

  private Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;
  private long taken;

  /// Copies pictures of one size.
  ///
  /// @throws LabelledSetException if their sizes differ
  Batch fill(long step, List<LabelledPicture> pictures) {
    LabelledPicture first = pictures.getFirst();
    pictures.forEach(picture -> checkAlike(first, picture));
    long pixels = (long) first.width() * first.height() * pictures.size();
    int planes = first.others().count();
    Set<String> names = first.further().keySet();
    grow(
        sized(pixels * COLOURS)
            + sized(pixels * planes * Float.BYTES)
            + (1 + names.size()) * sized(pixels * Long.BYTES));
    ByteBuffer rgb = take(pixels * COLOURS);
    FloatBuffer others = take(pixels * planes * Float.BYTES).asFloatBuffer();
    for (LabelledPicture picture : pictures) {
      rgb.put(picture.picture().rgb());
      others.put(picture.others().values());
    }
    Map<String, LongBuffer> further = new LinkedHashMap<>();
    for (String name : names) {
      further.put(name, labels(pictures, pixels, picture -> further(picture, name)));
    }
    return new Batch(
        step,
        pictures.stream().map(LabelledPicture::name).toList(),
        first.width(),
        first.height(),
        rgb.flip(),
        planes,
        others.flip(),
        labels(pictures, pixels, LabelledPicture::labels),
        further);
  }

  private static void checkAlike(LabelledPicture first, LabelledPicture picture) {
    if (picture.width() != first.width() || picture.height() != first.height()) {
      throw new LabelledSetException(
          "pictures of one batch differ in size: %s is %dx%d, %s is %dx%d; set a crop size, or "
                  .formatted(
                      first.name(),
                      first.width(),
                      first.height(),
                      picture.name(),
                      picture.width(),
                      picture.height())
              + "a batch size of 1");
    }
    if (picture.others().count() != first.others().count()) {
      throw new LabelledSetException(
          "pictures of one batch differ in planes besides colours: %s has %d, %s has %d"
              .formatted(
                  first.name(), first.others().count(), picture.name(), picture.others().count()));
    }
  }

  private static ClassPicture further(LabelledPicture picture, String name) {
    ClassPicture map = picture.further().get(name);
    if (map == null) {
      throw new LabelledSetException(picture.name() + " has no labels called " + name);
    }
    return map;
  }

  private LongBuffer labels(
      List<LabelledPicture> pictures, long pixels, Function<LabelledPicture, ClassPicture> labels) {
    LongBuffer ids = take(pixels * Long.BYTES).asLongBuffer();
    for (LabelledPicture picture : pictures) {
      for (byte id : labels.apply(picture).classes()) {
        ids.put(id & 0xff);
      }
    }
    return ids.flip();
  }

  private static long sized(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  private void grow(long bytes) {
    taken = 0;
    if (memory.byteSize() < bytes) {
      arena.close();
      arena = Arena.ofShared();
      memory = arena.allocate(bytes, ALIGNMENT);
    }
  }

  private ByteBuffer take(long bytes) {
    ByteBuffer piece = memory.asSlice(taken, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    taken += sized(bytes);
    return piece;
  }

  /// May be called again.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
