package io.maskstream.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_DITHER_NONE;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_init_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/// Turns decoded pictures into upright R'G'B' frames on the release's grid: colour and size in one
/// pass of swscale, then the turn, on the small picture. Owns its native memory until [#close]; not
/// thread-safe.
///
/// Bilinear, because swscale widens the filter when it shrinks (a triangle over all source pixels,
/// so nothing aliases) and interpolates when it enlarges. Chroma is interpolated to full width
/// before the matrix, rounding is accurate, and bit-exact code gives equal bytes on every CPU: a
/// mask must not depend on the machine that a task moved to.
final class FrameConverter implements AutoCloseable {

  private static final int SCALING =
      SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;

  private static final int ONE = 1 << 16;

  private final FramePool pool;
  private final PointerPointer<BytePointer> planes = new PointerPointer<>(4);
  private final IntPointer strides = new IntPointer(4);
  private @Nullable SwsContext scaler;
  private @Nullable Geometry geometry;
  private @Nullable ByteBuffer unturned;
  private boolean closed;

  FrameConverter(FramePool pool) {
    this.pool = pool;
    for (int i = 0; i < 4; i++) {
      planes.put(i, null);
      strides.put(i, 0);
    }
  }

  /// @param hints the picture's turn and the container's word on its colour
  /// @throws UnsupportedPictureException if the picture cannot be shown as R'G'B'
  Frame convert(AVFrame picture, PictureHints hints, Grid grid) throws UnsupportedPictureException {
    int turn = hints.rotationDegrees();
    boolean sideways = turn == 90 || turn == 270;
    Size stored = new Size(picture.width(), picture.height());
    Size upright = sideways ? turned(stored) : stored;
    Size size = grid.fit(upright);
    Size scaled = sideways ? turned(size) : size;
    SwsContext fitting = scaler(new Geometry(stored, scaled, Color.of(picture, hints)));

    ByteBuffer rgb = pool.take(Math.toIntExact(size.pixels() * 3));
    boolean handedOver = false;
    try {
      if (turn == 0) {
        scale(fitting, picture, scaled, rgb);
      } else {
        ByteBuffer scratch = unturned(rgb.capacity());
        scale(fitting, picture, scaled, scratch);
        turn(scratch, scaled, turn, rgb);
      }
      Frame frame = new Frame(size, upright, rgb, pool::giveBack);
      handedOver = true;
      return frame;
    } finally {
      if (!handedOver) {
        pool.giveBack(rgb);
      }
    }
  }

  private void scale(SwsContext fitting, AVFrame picture, Size scaled, ByteBuffer rgb)
      throws UnsupportedPictureException {
    try (BytePointer pixels = new BytePointer(rgb)) {
      planes.put(0, pixels);
      strides.put(0, scaled.width() * 3);
      int rows =
          sws_scale(
              fitting, picture.data(), picture.linesize(), 0, picture.height(), planes, strides);
      if (rows != scaled.height()) {
        throw new UnsupportedPictureException(
            "swscale gave " + rows + " of " + scaled.height() + " rows");
      }
    }
  }

  /// Turns clockwise.
  private static void turn(ByteBuffer from, Size size, int degrees, ByteBuffer to) {
    int width = size.width();
    int height = size.height();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int target =
            switch (degrees) {
              case 90 -> x * height + height - 1 - y;
              case 180 -> (height - 1 - y) * width + width - 1 - x;
              default -> (width - 1 - x) * height + y; // 270
            };
        int source = y * width + x;
        to.put(target * 3, from.get(source * 3));
        to.put(target * 3 + 1, from.get(source * 3 + 1));
        to.put(target * 3 + 2, from.get(source * 3 + 2));
      }
    }
  }

  private SwsContext scaler(Geometry wanted) throws UnsupportedPictureException {
    if (scaler != null && wanted.equals(geometry)) {
      return scaler;
    }
    release();
    SwsContext fresh = sws_alloc_context();
    if (fresh.isNull()) {
      throw new IllegalStateException("out of native memory for a scaler: " + wanted);
    }
    scaler = fresh;
    Color color = wanted.color();
    fresh
        .src_w(wanted.from().width())
        .src_h(wanted.from().height())
        .src_format(color.pixelFormat())
        .src_range(color.fullRange() ? 1 : 0)
        .dst_w(wanted.to().width())
        .dst_h(wanted.to().height())
        .dst_format(AV_PIX_FMT_RGB24)
        .dst_range(1)
        .dither(SWS_DITHER_NONE)
        .threads(1)
        .flags(SCALING);
    if (color.subsampled()) {
      fresh.src_h_chr_pos(color.chromaX()).src_v_chr_pos(color.chromaY());
    }
    int status = sws_init_context(fresh, null, null);
    if (status < 0) {
      release();
      throw new UnsupportedPictureException(
          "no conversion to RGB from " + color.formatName() + ", " + wanted.from());
    }
    if (!color.rgb()) {
      IntPointer matrix = sws_getCoefficients(color.matrix());
      sws_setColorspaceDetails(fresh, matrix, color.fullRange() ? 1 : 0, matrix, 1, 0, ONE, ONE);
    }
    geometry = wanted;
    return fresh;
  }

  private ByteBuffer unturned(int bytes) {
    if (unturned == null || unturned.capacity() != bytes) {
      if (unturned != null) {
        pool.giveBack(unturned);
      }
      unturned = pool.take(bytes);
    }
    return unturned;
  }

  private static Size turned(Size size) {
    return new Size(size.height(), size.width());
  }

  private void release() {
    geometry = null;
    if (scaler != null) {
      sws_freeContext(scaler);
      scaler = null;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release();
      planes.close();
      strides.close();
      if (unturned != null) {
        pool.giveBack(unturned);
        unturned = null;
      }
    }
  }

  /// What a scaler is made for.
  private record Geometry(Size from, Size to, Color color) {}
}
