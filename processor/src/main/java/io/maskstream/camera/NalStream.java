package io.maskstream.camera;

import io.maskstream.bitstream.Bits;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/// H.264 and H.265 access units as Annex B byte streams, each keyframe with every parameter set
/// known so far: those of the container, replaced by later ones of the stream.
///
/// FFmpeg's filters h264_mp4toannexb and dump_extra do the same with the container's parameter sets
/// alone, which are stale once the size has changed, and drop an access unit whose lengths are
/// damaged. Here every packet gives an access unit.
///
/// FFmpeg's key flag also marks the recovery points of a gradual refresh, where no picture is whole
/// yet; so keyframes are told by the types of all slices. An H.264 recovery point counts if it
/// promises exact pictures at once (recovery_frame_cnt 0, D.2.8) and all of its slices are intra.
final class NalStream implements Bitstream {

  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final int H264_SEI = 6;

  private final NalSyntax syntax;

  /// By order in which they must come, then by id.
  private final TreeMap<ParameterSet, byte[]> parameterSets =
      new TreeMap<>(Comparator.comparingInt(ParameterSet::rank).thenComparingInt(ParameterSet::id));

  /// Bytes of the length before each unit; 0 where there are start codes.
  private int lengthBytes;

  private record ParameterSet(int rank, int id) {}

  NalStream(NalSyntax syntax) {
    this.syntax = syntax;
  }

  @Override
  public void configure(byte[] extradata) {
    if (syntax.isContainerConfiguration(extradata)) {
      lengthBytes = syntax.lengthBytes(extradata);
      syntax.parameterSets(extradata, unit -> learn(unit, 0, unit.length));
    } else {
      new Walk(extradata);
    }
  }

  @Override
  public Coded read(byte[] packet) {
    byte[] unit = lengthBytes == 0 ? packet : withStartCodes(packet);
    Walk walk = new Walk(unit);
    boolean keyframe = walk.isKeyframe();
    return new Coded(keyframe ? complete(unit, walk) : unit, keyframe, walk.startsSequence);
  }

  private byte[] withStartCodes(byte[] packet) {
    ByteArrayOutputStream unit = new ByteArrayOutputStream(packet.length + 64);
    for (int at = 0; at + lengthBytes < packet.length; ) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = length << 8 | packet[at++] & 0xff;
      }
      int there = (int) Math.min(length, packet.length - at);
      if (there > 0) {
        unit.writeBytes(START_CODE);
        unit.write(packet, at, there);
      }
      at += there;
    }
    return unit.size() == 0 ? packet : unit.toByteArray();
  }

  /// Adds the parameter sets that the unit itself does not carry: those that others refer to before
  /// its own, the referring ones after its own, for a decoder drops what refers to a replaced set.
  private byte[] complete(byte[] unit, Walk walk) {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream last = new ByteArrayOutputStream();
    int referring = syntax == NalSyntax.H264 ? 2 : 3;
    parameterSets.forEach((set, bytes) -> {
      if (!walk.carried.contains(set)) {
        ByteArrayOutputStream place = set.rank() == referring ? last : first;
        place.writeBytes(START_CODE);
        place.writeBytes(bytes);
      }
    });
    byte[] behind = Splice.insert(unit, walk.firstPicture, last.toByteArray());
    return Splice.insert(behind, walk.delimiterEnd, first.toByteArray());
  }

  private ParameterSet learn(byte[] bytes, int nal, int end) {
    int rank = nal < end ? syntax.parameterRank(syntax.type(bytes, nal)) : 0;
    ParameterSet set = new ParameterSet(rank, rank == 0 ? 0 : syntax.parameterId(bytes, nal, end));
    if (rank > 0) {
      parameterSets.put(set, Arrays.copyOfRange(bytes, nal, end));
    }
    return set;
  }

  /// One pass over all units of an access unit.
  private final class Walk {
    final Set<ParameterSet> carried = new HashSet<>();
    int delimiterEnd;

    /// Where the start code of the first slice begins.
    int firstPicture;

    boolean startsSequence;
    private boolean picture;
    private boolean randomAccess;
    private boolean intra = true;
    private boolean exactRecovery;

    Walk(byte[] unit) {
      int nal = StartCodes.behindNext(unit, 0);
      while (nal < unit.length) {
        int next = StartCodes.behindNext(unit, nal);
        int end = endBefore(unit, nal, next);
        visit(unit, nal, end);
        nal = next;
      }
    }

    boolean isKeyframe() {
      return picture && !parameterSets.isEmpty() && (randomAccess || exactRecovery && intra);
    }

    private void visit(byte[] unit, int nal, int end) {
      int type = syntax.type(unit, nal);
      if (syntax.isPicture(type)) {
        if (!picture) {
          picture = true;
          randomAccess = syntax.isRandomAccess(type);
          startsSequence = syntax.startsSequence(type);
          firstPicture = startCodeBefore(unit, nal);
        }
        intra &= syntax == NalSyntax.H264 && isIntra(unit, type, nal, end);
      } else if (syntax.isDelimiter(type) && !picture) {
        delimiterEnd = end;
      } else if (syntax == NalSyntax.H264 && type == H264_SEI) {
        exactRecovery |= isExactRecovery(unit, nal + 1, end);
      } else if (syntax.parameterRank(type) > 0) {
        carried.add(learn(unit, nal, end));
      }
    }
  }

  /// Where a unit ends, without the zeros and the start code behind it.
  private static int endBefore(byte[] bytes, int nal, int next) {
    boolean last = next == bytes.length && !(next >= nal + 3 && isStartCode(bytes, next - 3));
    int end = last ? bytes.length : next - 3;
    while (end > nal + 1 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static boolean isStartCode(byte[] bytes, int at) {
    return bytes[at] == 0 && bytes[at + 1] == 0 && bytes[at + 2] == 1;
  }

  private static int startCodeBefore(byte[] bytes, int nal) {
    return nal >= 4 && bytes[nal - 4] == 0 ? nal - 4 : nal - 3;
  }

  /// H.264 7.3.3: first_mb_in_slice, slice_type; 2 and 7 are I, 4 and 9 are SI. Data partitions B
  /// and C (3, 4) say neither; partition A comes before them.
  private static boolean isIntra(byte[] bytes, int nalType, int nal, int end) {
    if (nalType == 3 || nalType == 4) {
      return true;
    }
    Bits bits = Bits.ofUnit(bytes, nal + 1, end);
    bits.readGolomb();
    long type = bits.readGolomb() % 5;
    return type == 2 || type == 4;
  }

  /// H.264 7.3.2.3.1 and D.1.8: a message of type 6 whose recovery_frame_cnt is 0, with no broken
  /// link.
  private static boolean isExactRecovery(byte[] bytes, int from, int end) {
    int at = from;
    while (at + 2 < end) {
      int type = 0;
      for (; at < end && (bytes[at] & 0xff) == 0xff; at++) {
        type += 255;
      }
      type += at < end ? bytes[at++] & 0xff : 0;
      int size = 0;
      for (; at < end && (bytes[at] & 0xff) == 0xff; at++) {
        size += 255;
      }
      size += at < end ? bytes[at++] & 0xff : 0;
      if (type == 6) {
        Bits bits = Bits.ofUnit(bytes, at, end);
        long frames = bits.readGolomb();
        boolean brokenLink = bits.skip(1).flag();
        return frames == 0 && !brokenLink;
      }
      at += size;
    }
    return false;
  }
}
