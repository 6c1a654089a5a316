package io.maskstream.camera;

import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;

/// Remembers the newest parameter sets of a stream and puts them in front of keyframes that lack
/// them, so that decoding can start at every keyframe. Not thread-safe.
final class ParameterSets {

  private static final byte[] START_CODE = {0, 0, 0, 1};

  private final Codec codec;
  // By unit type (in decoding order: video, sequence, picture) and its first bytes, which hold the
  // id.
  private final TreeMap<Integer, ByteBuffer> newest = new TreeMap<>();

  ParameterSets(Codec codec) {
    this.codec = codec;
  }

  /// Takes in the parameter sets among these units; returns whether a whole family was there.
  boolean remember(List<ByteBuffer> units) {
    int families = 0;
    for (ByteBuffer unit : units) {
      int family = family(unit);
      if (family >= 0) {
        families |= 1 << family;
        newest.put(family << 16 | id(unit), copy(unit));
      }
    }
    int wanted = codec == Codec.H264 ? 0b110 : 0b111;
    return families == wanted;
  }

  /// The access unit with all parameter sets in front of it.
  ByteBuffer prepend(ByteBuffer accessUnit) {
    int size = accessUnit.remaining();
    for (ByteBuffer set : newest.values()) {
      size += START_CODE.length + set.remaining();
    }
    ByteBuffer whole = ByteBuffer.allocate(size);
    for (ByteBuffer set : newest.values()) {
      whole.put(START_CODE).put(set.duplicate());
    }
    return whole.put(accessUnit.duplicate()).flip();
  }

  /// 0 video, 1 sequence, 2 picture parameter set; -1 another unit.
  private int family(ByteBuffer unit) {
    if (codec == Codec.H264) {
      return switch (unit.get(0) & 0x1f) {
        case 7 -> 1;
        case 8 -> 2;
        default -> -1;
      };
    }
    return switch (unit.get(0) >> 1 & 0x3f) {
      case 32 -> 0;
      case 33 -> 1;
      case 34 -> 2;
      default -> -1;
    };
  }

  /// The set's own id where it comes first (all but sequence parameter sets, of which streams have
  /// one).
  private int id(ByteBuffer unit) {
    int header = codec == Codec.H264 ? 1 : 2;
    boolean sequence = family(unit) == 1;
    if (sequence || unit.limit() <= header) {
      return 0;
    }
    if (codec == Codec.HEVC && family(unit) == 0) {
      return unit.get(header) >> 4 & 0xf;
    }
    return exponentialGolomb(unit, header);
  }

  /// ue(v) of H.264 9.1 at a byte's begin; ids are at most 255, so three bytes hold it.
  private static int exponentialGolomb(ByteBuffer unit, int at) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = bits << 8 | (at + i < unit.limit() ? unit.get(at + i) & 0xff : 0);
    }
    int zeros = Integer.numberOfLeadingZeros(bits);
    if (zeros > 15) {
      return 0;
    }
    return ((bits << zeros) >>> (31 - zeros)) - 1;
  }

  private static ByteBuffer copy(ByteBuffer unit) {
    return ByteBuffer.allocate(unit.remaining()).put(unit.duplicate()).flip();
  }
}
