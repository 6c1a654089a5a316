package io.maskstream.wire;

import io.maskstream.proto.Masks;
import io.maskstream.proto.Runs;

/// A mask as row-major runs of equal class, which go on across the ends of rows.
///
/// @param width columns
/// @param height rows
/// @param runs which fill the mask exactly
public record RunLengths(int width, int height, Runs runs) implements Mask.Content {

  public RunLengths {
    Masks.requireSize(width, height);
    runs.requirePixels(width, height);
  }

  /// Codes a row-major class map.
  public static RunLengths of(byte[] classes, int width, int height) {
    Masks.requirePixels(classes, width, height);
    return new RunLengths(width, height, Runs.of(classes));
  }

  /// The row-major class map again.
  public byte[] classes() {
    return runs.expand(width * height);
  }
}
