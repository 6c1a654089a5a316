package io.maskstream.video;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_COPY_OPAQUE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_CRCCHECK;
import static org.bytedeco.ffmpeg.global.avcodec.AV_EF_EXPLODE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.maskstream.camera.FfmpegLog;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.ObjLongConsumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/// FFmpeg's decoder of one codec, from a keyframe on. Owns its native memory until [#close]; not
/// thread-safe.
///
/// One thread and no low-delay flag: frame threads would only add delay, and low delay breaks
/// reordering. A picture is known by its access unit's number, which FFmpeg carries from packet to
/// frame (COPY_OPAQUE); timestamps repeat, jump and lack.
final class FfmpegSession implements AutoCloseable {

  private static final int EAGAIN = -11;

  private final Codec codec;
  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame picture;
  private boolean closed;

  /// @param maxPixels of the coded picture; FFmpeg refuses more before it allocates anything
  FfmpegSession(Codec codec, long maxPixels) {
    FfmpegLog.install();
    this.codec = codec;
    AVCodec decoder = avcodec_find_decoder_by_name(name(codec));
    if (decoder == null || decoder.isNull()) {
      throw new IllegalStateException(
          "this build of FFmpeg has no decoder " + name(codec) + ": codec=" + codec);
    }
    context = avcodec_alloc_context3(decoder);
    packet = av_packet_alloc();
    picture = av_frame_alloc();
    if (context.isNull() || packet.isNull() || picture.isNull()) {
      close();
      throw new IllegalStateException("out of native memory for a decoder: codec=" + codec);
    }
    context
        .thread_count(1)
        .max_pixels(maxPixels)
        .flags(AV_CODEC_FLAG_COPY_OPAQUE | AV_CODEC_FLAG_UNALIGNED);
    int status = avcodec_open2(context, decoder, (AVDictionary) null);
    if (status < 0) {
      close();
      throw new IllegalStateException(
          "FFmpeg does not open its decoder: codec=" + codec + ": " + explain(status));
    }
  }

  Codec codec() {
    return codec;
  }

  /// Decodes one access unit.
  ///
  /// @param number identifies the access unit; 0 if it is only parameter sets and remarks
  /// @param strict whether anything against the standard is an error. Otherwise FFmpeg patches up
  ///   what it can, and H.265 does so without a word; but it is also lenient then about remarks and
  ///   parameter sets, which many cameras get wrong
  /// @param pictures takes the pictures that come out, with the numbers of their access units; each
  ///   is valid only during the call
  /// @return what FFmpeg has against the access unit, if anything
  @Nullable String decode(
      ByteBuffer data, long number, boolean strict, ObjLongConsumer<AVFrame> pictures) {
    context.err_recognition(strict ? AV_EF_EXPLODE | AV_EF_CRCCHECK : 0);
    int status = av_new_packet(packet, data.remaining());
    if (status < 0) {
      return explain(status);
    }
    try {
      // av_new_packet has put AV_INPUT_BUFFER_PADDING_SIZE zeros behind.
      packet.data().capacity(data.remaining()).asByteBuffer().put(data.duplicate());
      packet.opaque(new Number(number));
      if (codec == Codec.PNG) {
        // Without it a PNG of the same size is taken for the difference to the one before.
        packet.flags(AV_PKT_FLAG_KEY);
      }
      status = avcodec_send_packet(context, packet);
    } finally {
      av_packet_unref(packet);
    }
    int received = receiveAll(pictures);
    return status < 0 ? explain(status) : received < 0 ? explain(received) : null;
  }

  /// Lets out the pictures held back; nothing can be decoded after it.
  void drain(ObjLongConsumer<AVFrame> pictures) {
    avcodec_send_packet(context, null);
    receiveAll(pictures);
  }

  /// @return the first error, or 0
  private int receiveAll(ObjLongConsumer<AVFrame> pictures) {
    int firstError = 0;
    // An error does not end the loop, because a superframe's next picture may follow it; the count
    // does, against a decoder that reports errors for ever.
    for (int errors = 0; errors < 64; ) {
      int status = avcodec_receive_frame(context, picture);
      if (status == EAGAIN || status == AVERROR_EOF) {
        break;
      }
      if (status < 0) {
        firstError = firstError == 0 ? status : firstError;
        errors++;
        continue;
      }
      try {
        Pointer opaque = picture.opaque();
        pictures.accept(picture, opaque == null ? 0 : opaque.address());
      } finally {
        av_frame_unref(picture);
      }
    }
    return firstError;
  }

  /// Sets how many pictures may wait for one presented before them. For H.264 that does not say so
  /// FFmpeg guesses: it starts at none, learns, and drops the pictures it was wrong about, so that
  /// a decoder begun in mid-stream would give other pictures than an older one.
  void reorderDepth(int pictures) {
    context.has_b_frames(pictures);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      av_frame_free(picture);
      av_packet_free(packet);
      avcodec_free_context(context);
    }
  }

  /// By name: what a stream claims to be never chooses code. FFmpeg's own AV1 decoder needs
  /// hardware.
  private static String name(Codec codec) {
    return switch (codec) {
      case H264 -> "h264";
      case HEVC -> "hevc";
      case MJPEG -> "mjpeg";
      case VP8 -> "vp8";
      case VP9 -> "vp9";
      case AV1 -> "libaom-av1";
      case MPEG4 -> "mpeg4";
      case MPEG2 -> "mpeg2video";
      case PNG -> "png";
    };
  }

  private static String explain(int status) {
    byte[] text = new byte[128];
    av_strerror(status, text, text.length);
    String line = new String(text, StandardCharsets.ISO_8859_1);
    return line.substring(0, Math.max(0, line.indexOf(0)));
  }

  /// A number in the place of a pointer: FFmpeg passes it on and never looks behind it.
  private static final class Number extends Pointer {
    Number(long number) {
      address = number;
    }
  }
}
