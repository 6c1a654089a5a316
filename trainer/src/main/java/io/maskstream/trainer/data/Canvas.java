package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Size;
import java.util.Arrays;

/// Where a piece of a picture lies in a larger one.
///
/// @param out of the larger picture
/// @param left columns before the piece
/// @param top rows before the piece
/// @param piece its size; it does not reach beyond the larger picture
record Canvas(Size out, int left, int top, Size piece) {

  /// The piece, and one colour beside it.
  ///
  /// @param rgb pixels of the piece
  /// @param padding 0xRRGGBB
  RgbPicture picture(byte[] rgb, int padding) {
    if (out.equals(piece)) {
      return new RgbPicture(out.width(), out.height(), rgb);
    }
    byte[] all = new byte[Math.toIntExact(out.pixels() * 3)];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (padding >> (16 - 8 * (i % 3)));
    }
    for (int y = 0; y < piece.height(); y++) {
      System.arraycopy(rgb, y * piece.width() * 3, all, at(y) * 3, piece.width() * 3);
    }
    return new RgbPicture(out.width(), out.height(), all);
  }

  /// The piece, and ignore beside it.
  ClassPicture labels(ClassPicture labels) {
    if (out.equals(piece)) {
      return labels;
    }
    byte[] all = new byte[Math.toIntExact(out.pixels())];
    Arrays.fill(all, (byte) LabelledPicture.IGNORE);
    for (int y = 0; y < piece.height(); y++) {
      System.arraycopy(labels.classes(), y * piece.width(), all, at(y), piece.width());
    }
    return new ClassPicture(out.width(), out.height(), all);
  }

  /// The piece, and 0 beside it.
  Planes planes(float[] values, int count) {
    if (out.equals(piece) || count == 0) {
      return new Planes(count, values);
    }
    int pixels = Math.toIntExact(out.pixels());
    float[] all = new float[count * pixels];
    for (int row = 0; row < count * piece.height(); row++) {
      int plane = row / piece.height() * pixels;
      int y = row % piece.height();
      System.arraycopy(values, row * piece.width(), all, plane + at(y), piece.width());
    }
    return new Planes(count, all);
  }

  private int at(int row) {
    return (top + row) * out.width() + left;
  }
}
