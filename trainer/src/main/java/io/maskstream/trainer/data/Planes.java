package io.maskstream.trainer.data;

/// What a picture has besides red, green and blue, such as depth: planes of its size, in the order
/// in which the network's input has them behind the colours. Never changed once made.
///
/// @param count of planes; 0 for pictures of colours alone
/// @param values plane by plane, row-major, in the units that the network reads: millimetres of
///   depth, bytes (0 to 255) of HHA
@SuppressWarnings("ArrayRecordComponent") // shared, as pictures are: a copy of each is too much
public record Planes(int count, float[] values) {

  public static final Planes NONE = new Planes(0, new float[0]);

  public Planes {
    if (count < 0 || (count == 0 ? values.length != 0 : values.length % count != 0)) {
      throw new IllegalArgumentException(
          "planes and values do not match: count=%d values=%d".formatted(count, values.length));
    }
  }
}
