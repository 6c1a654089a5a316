package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Known colours, put into Y'CbCr by the standards' formula written out here, come back as they
/// were.
class ColorTest {

  private static final int[][] PATCHES = {
    {235, 235, 235}, {20, 20, 20}, {200, 30, 30}, {30, 180, 40}, {40, 50, 210}, {220, 200, 20}
  };

  private static final int PATCH = 32;
  private static final Size SD = new Size(PATCH * PATCHES.length, 64);
  private static final Size HD = new Size(PATCH * PATCHES.length, 720);

  private static final int BT709 = 1;
  private static final int SMPTE170M = 6;
  private static final int LIMITED = 1;
  private static final int FULL = 2;

  @ParameterizedTest
  @CsvSource({
    "libvpx-vp9, 1, 1",
    "libvpx-vp9, 6, 1",
    "libvpx-vp9, 9, 1",
    "libvpx-vp9, 1, 2",
    "libopenh264, 1, 1",
    "libopenh264, 6, 1",
    "libopenh264, 1, 2",
    "mpeg2video, 1, 1",
    "mpeg2video, 6, 1",
    "libaom-av1, 1, 1",
    "libaom-av1, 9, 1"
  })
  void theStreamsOwnTagsDecide(String encoder, int matrix, int range) {
    // What the container says is wrong here on purpose.
    AccessUnit unit = encode(encoder, SD, "yuv420p", matrix, range, matrix, range);
    boolean tagged = !encoder.equals("mpeg2video"); // MPEG-2 has no tag for the range
    AccessUnit contradicted =
        Units.withColor(
            unit,
            matrix == SMPTE170M ? ColorMatrix.BT709 : ColorMatrix.BT601,
            tagged && range == LIMITED ? ColorRange.FULL : ColorRange.UNSPECIFIED);
    expectPatches(contradicted, SD);
  }

  @ParameterizedTest
  @CsvSource({"BT601, LIMITED", "BT709, LIMITED", "BT2020, LIMITED", "BT601, FULL", "BT709, FULL"})
  void theContainersWordDecidesWhereTheStreamHasNone(ColorMatrix matrix, ColorRange range) {
    int code =
        switch (matrix) {
          case BT709 -> BT709;
          case BT2020 -> 9;
          case BT601, UNSPECIFIED -> SMPTE170M;
        };
    AccessUnit unit =
        encode(
            "mpeg4",
            SD,
            "yuv420p",
            code,
            range == ColorRange.FULL ? FULL : LIMITED,
            SceneEncoder.UNSPECIFIED,
            0);
    expectPatches(Units.withColor(unit, matrix, range), SD);
  }

  @Test
  void without720LinesAnUntaggedPictureIsBt601() {
    expectPatches(encode("mpeg4", SD, "yuv420p", SMPTE170M, LIMITED, 2, 0), SD);
  }

  @Test
  void from720LinesOnAnUntaggedPictureIsBt709() {
    expectPatches(encode("mpeg4", HD, "yuv420p", BT709, LIMITED, 2, 0), HD);
  }

  @ParameterizedTest
  @CsvSource({"yuvj420p", "yuvj444p"})
  void aJpegIsFullRangeBt601(String format) {
    expectPatches(encode("mjpeg", HD, format, SMPTE170M, FULL, 2, 0), HD);
  }

  @Test
  void aGreyPngKeepsItsValues() {
    SceneEncoder encoder = new SceneEncoder("png", SD, "gray", 2, 0, 1);
    AccessUnit unit =
        encoder.encode(1, (t, plane, x, y) -> PATCHES[x / PATCH][0]).accessUnits().getFirst();
    try (Frame frame = FfmpegDecoderTest.only(unit, Playback.SAME)) {
      for (int patch = 0; patch < PATCHES.length; patch++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(middle(frame, patch, channel)).isEqualTo(PATCHES[patch][0]);
        }
      }
    }
  }

  @Test
  void aPngKeepsItsColoursExactly() {
    SceneEncoder encoder = new SceneEncoder("png", SD, "rgb24", 2, 0, 1);
    AccessUnit unit =
        encoder.encode(1, (t, plane, x, y) -> PATCHES[x / PATCH][plane]).accessUnits().getFirst();
    try (Frame frame = FfmpegDecoderTest.only(unit, Playback.SAME)) {
      for (int patch = 0; patch < PATCHES.length; patch++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(middle(frame, patch, channel)).isEqualTo(PATCHES[patch][channel]);
        }
      }
    }
  }

  private static AccessUnit encode(
      String encoder, Size size, String format, int matrix, int range, int tag, int rangeTag) {
    return new SceneEncoder(encoder, size, format, tag, rangeTag, 1)
        .encode(1, (t, plane, x, y) -> sample(plane, x, size, format, matrix, range))
        .accessUnits()
        .getFirst();
  }

  /// ITU-R BT.601-7, BT.709-6 and BT.2020-2: E'Y = Kr R + (1 - Kr - Kb) G + Kb B.
  private static int sample(int plane, int x, Size size, String format, int matrix, int range) {
    boolean halved = plane > 0 && format.contains("420");
    int[] rgb = PATCHES[(halved ? 2 * x : x) / PATCH];
    double kr = matrix == BT709 ? 0.2126 : matrix == SMPTE170M ? 0.299 : 0.2627;
    double kb = matrix == BT709 ? 0.0722 : matrix == SMPTE170M ? 0.114 : 0.0593;
    double luma = (kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2]) / 255;
    double blue = (rgb[2] / 255.0 - luma) / (2 * (1 - kb));
    double red = (rgb[0] / 255.0 - luma) / (2 * (1 - kr));
    boolean full = range == FULL;
    return (int)
        Math.round(
            switch (plane) {
              case 0 -> full ? 255 * luma : 16 + 219 * luma;
              case 1 -> 128 + (full ? 255 : 224) * blue;
              default -> 128 + (full ? 255 : 224) * red;
            });
  }

  private static void expectPatches(AccessUnit unit, Size size) {
    try (Frame frame = FfmpegDecoderTest.only(unit, Playback.SAME)) {
      assertThat(frame.size()).isEqualTo(size);
      for (int patch = 0; patch < PATCHES.length; patch++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(middle(frame, patch, channel))
              .as("patch " + patch + " channel " + channel)
              .isBetween(PATCHES[patch][channel] - 4, PATCHES[patch][channel] + 4);
        }
      }
    }
  }

  private static int middle(Frame frame, int patch, int channel) {
    int at = frame.size().height() / 2 * frame.size().width() + patch * PATCH + PATCH / 2;
    return frame.rgb().get(3 * at + channel) & 0xff;
  }
}
