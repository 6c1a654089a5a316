package io.maskstream.camera;

import io.maskstream.bitstream.Bits;
import java.util.Arrays;

/// MPEG-2 video and MPEG-4 part 2 pictures, each keyframe with the sequence's headers before it.
final class StartCodeStream implements Bitstream, PictureOrderCount {

  private static final long ANCHOR = (1 << 20) - 1;

  private final Syntax syntax;
  private byte[] headers = {};
  private long anchors;
  private long sinceAnchor;

  StartCodeStream(Syntax syntax) {
    this.syntax = syntax;
  }

  @Override
  public void configure(byte[] extradata) {
    if (extradata.length > 0 && sequence(extradata) < extradata.length) {
      headers = extradata;
    }
  }

  @Override
  public PictureOrderCount order() {
    return this;
  }

  @Override
  public Coded read(byte[] packet) {
    int picture = picture(packet);
    int sequence = sequence(packet);
    boolean carriesHeaders = sequence < picture;
    if (carriesHeaders) {
      headers = Arrays.copyOfRange(packet, sequence - 3, endOfHeaders(packet, picture));
    }
    Type type = picture < packet.length ? syntax.type(packet, picture) : Type.PREDICTED;
    count(type);
    boolean keyframe = type == Type.INTRA && headers.length > 0;
    byte[] bytes = keyframe && !carriesHeaders ? Splice.insert(packet, 0, headers) : packet;
    return new Coded(bytes, keyframe, false);
  }

  /// B-pictures are shown at once, any other picture when the next such comes (H.262 6.1.1.11).
  @Override
  public long of(byte[] unit) {
    return anchors << 20 | sinceAnchor;
  }

  private void count(Type type) {
    if (type == Type.BIDIRECTIONAL) {
      sinceAnchor = sinceAnchor == ANCHOR ? 0 : sinceAnchor + 1;
    } else {
      anchors++;
      sinceAnchor = ANCHOR;
    }
  }

  /// Where the code of the sequence's first header stands; the length if there is none.
  private int sequence(byte[] bytes) {
    int at = StartCodes.behindNext(bytes, 0);
    while (at < bytes.length && !syntax.isSequence(bytes[at] & 0xff)) {
      at = StartCodes.behindNext(bytes, at);
    }
    return at;
  }

  /// Where the picture's code stands; the length if there is none.
  private int picture(byte[] bytes) {
    int at = StartCodes.behindNext(bytes, 0);
    while (at < bytes.length && (bytes[at] & 0xff) != syntax.pictureCode) {
      at = StartCodes.behindNext(bytes, at);
    }
    return at;
  }

  /// Where the group's or the picture's own header begins.
  private int endOfHeaders(byte[] bytes, int picture) {
    int at = StartCodes.behindNext(bytes, 0);
    while (at < picture && (bytes[at] & 0xff) != syntax.groupCode) {
      at = StartCodes.behindNext(bytes, at);
    }
    return at - 3;
  }

  private enum Type {
    INTRA,
    PREDICTED,
    BIDIRECTIONAL
  }

  /// The start codes of a standard, and the bits behind a picture's.
  enum Syntax {
    /// H.262: sequence_header B3, group B8, picture 00 with temporal_reference and
    /// picture_coding_type.
    MPEG2(0xb8, 0x00),
    /// ISO/IEC 14496-2: visual object sequence B0, video object layer 20 to 2F, group B3, video
    /// object plane B6 with vop_coding_type.
    MPEG4(0xb3, 0xb6);

    private final int groupCode;
    private final int pictureCode;

    Syntax(int groupCode, int pictureCode) {
      this.groupCode = groupCode;
      this.pictureCode = pictureCode;
    }

    private boolean isSequence(int code) {
      return switch (this) {
        case MPEG2 -> code == 0xb3;
        case MPEG4 -> code == 0xb0 || code >= 0x20 && code <= 0x2f;
      };
    }

    private Type type(byte[] bytes, int picture) {
      Bits bits = Bits.of(bytes, picture + 1, bytes.length);
      return switch (this) {
        case MPEG2 ->
            switch ((int) bits.skip(10).read(3)) {
              case 1 -> Type.INTRA;
              case 3 -> Type.BIDIRECTIONAL;
              default -> Type.PREDICTED;
            };
        case MPEG4 ->
            switch ((int) bits.read(2)) {
              case 0 -> Type.INTRA;
              case 2 -> Type.BIDIRECTIONAL;
              default -> Type.PREDICTED;
            };
      };
    }
  }
}
