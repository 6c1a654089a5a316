package io.maskstream.painting;

import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.RunLengths;
import java.util.Arrays;
import java.util.Optional;

/// The class of every pixel of a mask.
///
/// @param width columns
/// @param height rows
/// @param classes row-major class ids, 255 = ignore; owned by this record
@SuppressWarnings("ArrayRecordComponent") // pixels are compared by nobody
public record ClassPicture(int width, int height, byte[] classes) {

  public ClassPicture {
    if (width < 1 || height < 1 || classes.length != (long) width * height) {
      throw new IllegalArgumentException(
          "class picture wants width x height bytes: width=%d height=%d bytes=%d"
              .formatted(width, height, classes.length));
    }
  }

  /// The pixels of a mask; empty for a marker.
  ///
  /// @throws io.maskstream.proto.MaskException if a PNG is broken
  public static Optional<ClassPicture> of(Mask mask) {
    return switch (mask.content()) {
      case RunLengths runs ->
          Optional.of(new ClassPicture(runs.width(), runs.height(), runs.classes()));
      case Png png -> Optional.of(new ClassPicture(png.width(), png.height(), png.classes()));
      case Marker _ -> Optional.empty();
    };
  }

  /// The same in another size: a mask covers the whole picture, whatever its own size, so each
  /// pixel takes the class of the cell that holds its centre.
  public ClassPicture scaledTo(int otherWidth, int otherHeight) {
    if (otherWidth == width && otherHeight == height) {
      return this;
    }
    int[] columns = cells(otherWidth, width);
    int[] rows = cells(otherHeight, height);
    byte[] scaled = new byte[Math.multiplyExact(otherWidth, otherHeight)];
    for (int y = 0, pixel = 0; y < otherHeight; y++) {
      for (int x = 0; x < otherWidth; x++, pixel++) {
        scaled[pixel] = classes[rows[y] * width + columns[x]];
      }
    }
    return new ClassPicture(otherWidth, otherHeight, scaled);
  }

  /// The cell whose area holds the centre of each pixel.
  static int[] cells(int pixels, int cells) {
    int[] nearest = new int[pixels];
    Arrays.setAll(nearest, i -> (int) ((2L * i + 1) * cells / (2L * pixels)));
    return nearest;
  }

  /// Pixels by class id; 256 counts.
  public long[] areas() {
    long[] areas = new long[256];
    for (byte id : classes) {
      areas[id & 0xff]++;
    }
    return areas;
  }
}
