package io.maskstream.wire;

import io.maskstream.proto.Masks;
import java.util.Arrays;

/// A mask as an 8-bit greyscale PNG of class ids.
///
/// @param width columns
/// @param height rows
/// @param bytes the PNG file; owned by this record
public record Png(int width, int height, byte[] bytes) implements Mask.Content {

  public Png {
    Masks.requireSize(width, height);
  }

  /// Codes a row-major class map.
  public static Png of(byte[] classes, int width, int height) {
    return new Png(width, height, Masks.encodePng(classes, width, height));
  }

  /// The row-major class map again.
  ///
  /// @throws io.maskstream.proto.MaskException if the file is no PNG of this size and kind
  public byte[] classes() {
    return Masks.decodePng(bytes, width, height);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Png that
        && width == that.width
        && height == that.height
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Png[" + width + "x" + height + ", " + bytes.length + " bytes]";
  }
}
