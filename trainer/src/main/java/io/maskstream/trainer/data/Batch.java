package io.maskstream.trainer.data;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;

/// Pictures of one size for one step. Its buffers are lent: they are valid until [Batches] is asked
/// for the next batch or closed, and are read-only by agreement.
///
/// @param step from 0, counted from the beginning of the training
/// @param names of the pictures
/// @param rgb direct, pictures x height x width x 3 bytes, R G B
/// @param otherPlanes how many planes a picture has besides colours
/// @param others direct, native order, pictures x otherPlanes x height x width
/// @param labels direct, native order, pictures x height x width class ids, 255 = ignore
/// @param further as labels, by another list of classes, by name
public record Batch(
    long step,
    List<String> names,
    int width,
    int height,
    ByteBuffer rgb,
    int otherPlanes,
    FloatBuffer others,
    LongBuffer labels,
    Map<String, LongBuffer> further) {

  /// How many pictures there are.
  public int size() {
    return names.size();
  }
}
