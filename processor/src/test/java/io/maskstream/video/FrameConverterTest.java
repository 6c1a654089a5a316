package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Chroma of half width and height, interpolated from where it was sampled.
class FrameConverterTest {

  private static final int SIDE = 32;

  /// A step in Cr between chroma samples 7 and 8, seen at luma samples 15 and 16. Sampled at the
  /// left (H.264 figure E-1, type 0) those two stand at luma 14 and 16, so 15 is their mean;
  /// sampled at the centre (type 1) they stand at 14.5 and 16.5, so 15 and 16 are a quarter from
  /// either.
  @ParameterizedTest
  @CsvSource({
    "0, true, 128, 148", "1, true, 128, 148", "2, true, 118, 138", "3, true, 128, 148",
    "0, false, 118, 138", "1, false, 118, 138", "2, false, 118, 138", "3, false, 128, 148"
  })
  void chromaIsTakenFromItsPlace(int place, boolean across, int at15, int at16) throws Exception {
    for (int depth : new int[] {8, 10}) {
      AVFrame picture = step(place, across, depth);
      FramePool pool = new FramePool();
      PictureHints hints =
          new PictureHints(0, Codec.H264, 0, ColorMatrix.UNSPECIFIED, ColorRange.UNSPECIFIED);
      try (FrameConverter converter = new FrameConverter(pool);
          Frame frame = converter.convert(picture, hints, upright -> upright)) {
        assertThat(chroma(frame, across, 15)).isCloseTo(at15, within(1.0));
        assertThat(chroma(frame, across, 16)).isCloseTo(at16, within(1.0));
      } finally {
        av_frame_free(picture);
      }
    }
  }

  /// Cr from red where luma is 128 (full-range BT.601: R = Y + 1.402 (Cr - 128)).
  private static double chroma(Frame frame, boolean across, int at) {
    int pixel = across ? SIDE / 2 * SIDE + at : at * SIDE + SIDE / 2;
    return ((frame.rgb().get(3 * pixel) & 0xff) - 128) / 1.402 + 128;
  }

  private static AVFrame step(int place, boolean across, int depth) {
    AVFrame picture = av_frame_alloc();
    picture
        .width(SIDE)
        .height(SIDE)
        .format(depth == 8 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_YUV420P10)
        .chroma_location(place)
        .colorspace(AVCOL_SPC_SMPTE170M)
        .color_range(AVCOL_RANGE_JPEG);
    av_frame_get_buffer(picture, 0);
    for (int plane = 0; plane < 3; plane++) {
      int side = plane == 0 ? SIDE : SIDE / 2;
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          int sample = plane < 2 ? 128 : (across ? x : y) < 8 ? 108 : 148;
          long row = (long) y * picture.linesize(plane);
          if (depth == 8) {
            picture.data(plane).put(row + x, (byte) sample);
          } else {
            int wide = Math.round(sample * 1023 / 255f);
            picture.data(plane).put(row + 2L * x, (byte) wide);
            picture.data(plane).put(row + 2L * x + 1, (byte) (wide >> 8));
          }
        }
      }
    }
    return picture;
  }
}
