package io.maskstream.camera;

import io.maskstream.bitstream.Bits;
import java.util.function.Consumer;

/// Where H.264 and H.265 differ in their network abstraction layer.
enum NalSyntax {
  /// ITU-T H.264, table 7-1.
  H264 {
    @Override
    int type(byte[] bytes, int nal) {
      return bytes[nal] & 31;
    }

    @Override
    boolean isPicture(int type) {
      return type >= 1 && type <= 5;
    }

    @Override
    boolean isRandomAccess(int type) {
      return type == 5;
    }

    @Override
    boolean startsSequence(int type) {
      return type == 5;
    }

    @Override
    boolean isDelimiter(int type) {
      return type == 9;
    }

    @Override
    int parameterRank(int type) {
      return switch (type) {
        case 7 -> 1;
        case 8 -> 2;
        default -> 0;
      };
    }

    @Override
    int parameterId(byte[] bytes, int nal, int end) {
      Bits bits = Bits.ofUnit(bytes, nal + 1, end);
      return (int) bits.skip(type(bytes, nal) == 7 ? 24 : 0).readGolomb();
    }

    @Override
    boolean isContainerConfiguration(byte[] extradata) {
      return extradata.length > 6 && extradata[0] == 1;
    }

    @Override
    int lengthBytes(byte[] extradata) {
      return (extradata[4] & 3) + 1;
    }

    /// avcC (ISO/IEC 14496-15 5.3.3.1).
    @Override
    void parameterSets(byte[] extradata, Consumer<byte[]> receiver) {
      var box = new BoxReader(extradata, 5);
      for (int i = box.readByte() & 31; i > 0; i--) {
        receiver.accept(box.readUnit());
      }
      for (int i = box.readByte(); i > 0; i--) {
        receiver.accept(box.readUnit());
      }
    }
  },
  /// ITU-T H.265, table 7-1.
  HEVC {
    @Override
    int type(byte[] bytes, int nal) {
      return bytes[nal] >> 1 & 63;
    }

    @Override
    boolean isPicture(int type) {
      return type < 32;
    }

    @Override
    boolean isRandomAccess(int type) {
      return type >= 16 && type <= 21;
    }

    /// Not the clean random access picture (21): in mid-stream its count goes on.
    @Override
    boolean startsSequence(int type) {
      return type >= 16 && type <= 20;
    }

    @Override
    boolean isDelimiter(int type) {
      return type == 35;
    }

    @Override
    int parameterRank(int type) {
      return switch (type) {
        case 32 -> 1;
        case 33 -> 2;
        case 34 -> 3;
        default -> 0;
      };
    }

    @Override
    int parameterId(byte[] bytes, int nal, int end) {
      Bits bits = Bits.ofUnit(bytes, nal + 2, end);
      return (int)
          switch (type(bytes, nal)) {
            case 32 -> bits.read(4);
            case 33 -> bits.skipToHevcSequenceId().readGolomb();
            default -> bits.readGolomb();
          };
    }

    @Override
    boolean isContainerConfiguration(byte[] extradata) {
      return extradata.length > 22 && extradata[0] == 1;
    }

    @Override
    int lengthBytes(byte[] extradata) {
      return (extradata[21] & 3) + 1;
    }

    /// hvcC (ISO/IEC 14496-15 8.3.3.1).
    @Override
    void parameterSets(byte[] extradata, Consumer<byte[]> receiver) {
      var box = new BoxReader(extradata, 22);
      for (int arrays = box.readByte(); arrays > 0; arrays--) {
        box.readByte();
        for (int units = box.readLength(); units > 0; units--) {
          receiver.accept(box.readUnit());
        }
      }
    }
  };

  /// nal_unit_type; `nal` is the index behind the start code.
  abstract int type(byte[] bytes, int nal);

  abstract boolean isPicture(int type);

  /// Whether a picture of this type needs none before it.
  abstract boolean isRandomAccess(int type);

  /// Whether the picture order count starts anew.
  abstract boolean startsSequence(int type);

  abstract boolean isDelimiter(int type);

  /// In which order parameter sets must come, from 1; 0 for any other unit.
  abstract int parameterRank(int type);

  /// The id under which others refer to a parameter set.
  abstract int parameterId(byte[] bytes, int nal, int end);

  /// Whether the container gives parameter sets in a box, and pictures with lengths instead of
  /// start codes.
  abstract boolean isContainerConfiguration(byte[] extradata);

  abstract int lengthBytes(byte[] extradata);

  abstract void parameterSets(byte[] extradata, Consumer<byte[]> receiver);
}
