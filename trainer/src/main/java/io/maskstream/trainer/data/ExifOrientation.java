package io.maskstream.trainer.data;

import io.maskstream.painting.RgbPicture;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How a JPEG's pixels are to be turned (Exif 2.32, 4.6.4 A, tag 0x0112), which ImageIO does not.
enum ExifOrientation {
  NORMAL,
  MIRRORED,
  TURNED_HALF,
  UPSIDE_DOWN_MIRRORED,
  TRANSPOSED,
  TURNED_RIGHT,
  TRANSVERSED,
  TURNED_LEFT;

  private static final int START_OF_SCAN = 0xda;
  private static final int APP1 = 0xe1;
  private static final long EXIF = 0x457869660000L; // "Exif", 0, 0
  private static final int ORIENTATION = 0x0112;

  /// The orientation that a file states; normal if it states none or is no JPEG.
  static ExifOrientation of(byte[] file) {
    try {
      return search(ByteBuffer.wrap(file));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return NORMAL; // a broken note about the picture is no reason to refuse the picture
    }
  }

  private static ExifOrientation search(ByteBuffer file) {
    if ((file.getShort() & 0xffff) != 0xffd8) {
      return NORMAL;
    }
    while (file.remaining() > 4) {
      int marker = file.getShort() & 0xff;
      int length = file.getShort() & 0xffff;
      if (marker == START_OF_SCAN) {
        return NORMAL;
      }
      int next = file.position() + length - 2;
      if (marker == APP1 && length > 8 && file.getLong(file.position()) >>> 16 == EXIF) {
        return inDirectory(file.slice(file.position() + 6, length - 8));
      }
      file.position(next);
    }
    return NORMAL;
  }

  /// Reads the first directory of a TIFF structure.
  private static ExifOrientation inDirectory(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    tiff.position(tiff.getInt(4));
    int entries = tiff.getShort() & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = tiff.position() + 12 * i;
      if ((tiff.getShort(entry) & 0xffff) == ORIENTATION) {
        int value = tiff.getShort(entry + 8);
        return value >= 1 && value <= values().length ? values()[value - 1] : NORMAL;
      }
    }
    return NORMAL;
  }

  /// The picture as it is meant to be seen.
  RgbPicture upright(RgbPicture stored) {
    if (this == NORMAL) {
      return stored;
    }
    boolean swapped = ordinal() >= TRANSPOSED.ordinal();
    int width = swapped ? stored.height() : stored.width();
    int height = swapped ? stored.width() : stored.height();
    byte[] rgb = new byte[stored.rgb().length];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        int right = width - 1 - x;
        int below = height - 1 - y;
        int from =
            switch (this) {
              case NORMAL -> y * width + x;
              case MIRRORED -> y * width + right;
              case TURNED_HALF -> below * width + right;
              case UPSIDE_DOWN_MIRRORED -> below * width + x;
              case TRANSPOSED -> x * height + y;
              case TURNED_RIGHT -> right * height + y;
              case TRANSVERSED -> right * height + below;
              case TURNED_LEFT -> x * height + below;
            };
        System.arraycopy(stored.rgb(), from * 3, rgb, at, 3);
      }
    }
    return new RgbPicture(width, height, rgb);
  }
}
