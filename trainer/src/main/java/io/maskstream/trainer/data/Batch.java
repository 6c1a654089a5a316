package io.maskstream.trainer.data;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.List;

/// Pictures of one size for one step. Its buffers are lent: they are valid until [Batches] is asked
/// for the next batch or closed, and are read-only by agreement.
///
/// @param step from 0, counted from the beginning of the training
/// @param names of the pictures
/// @param rgb direct, pictures x height x width x 3 bytes, R G B
/// @param labels direct, native order, pictures x height x width class ids, 255 = ignore
public record Batch(
    long step, List<String> names, int width, int height, ByteBuffer rgb, LongBuffer labels) {

  /// How many pictures there are.
  public int size() {
    return names.size();
  }
}
