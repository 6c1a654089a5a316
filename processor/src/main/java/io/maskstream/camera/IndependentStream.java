package io.maskstream.camera;

import io.maskstream.bitstream.Bits;
import java.util.function.Predicate;

/// Pictures that carry all of their configuration: VP8, VP9, JPEG, PNG.
final class IndependentStream implements Bitstream {

  private final Predicate<byte[]> keyframe;

  IndependentStream(Predicate<byte[]> keyframe) {
    this.keyframe = keyframe;
  }

  @Override
  public void configure(byte[] extradata) {}

  @Override
  public Coded read(byte[] packet) {
    boolean key = keyframe.test(packet);
    return new Coded(packet, key, key);
  }

  /// RFC 6386 9.1.
  static boolean vp8Keyframe(byte[] packet) {
    return (packet[0] & 1) == 0;
  }

  /// VP9 bitstream specification 6.2.
  static boolean vp9Keyframe(byte[] packet) {
    Bits bits = Bits.of(packet, 0, packet.length);
    if (bits.read(2) != 2) {
      return false;
    }
    int profile = (bits.flag() ? 1 : 0) | (bits.flag() ? 2 : 0);
    bits.skip(profile == 3 ? 1 : 0);
    boolean showsExisting = bits.flag();
    return !showsExisting && !bits.flag();
  }
}
