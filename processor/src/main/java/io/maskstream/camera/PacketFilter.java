package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_get_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;

import io.maskstream.wire.Codec;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;

/// Makes every packet exactly one picture. Only MPEG-4 in AVI needs it, where a B-picture may be
/// packed behind the picture that follows it. Owns native memory; not thread-safe.
final class PacketFilter implements AutoCloseable {

  private final @Nullable AVBSFContext unpacking;
  private final AVPacket filtered = av_packet_alloc();

  private PacketFilter(@Nullable AVBSFContext unpacking) {
    this.unpacking = unpacking;
  }

  static PacketFilter of(Codec codec, AVStream track) {
    return new PacketFilter(codec == Codec.MPEG4 ? unpacking(track) : null);
  }

  /// Hands on what the packet gives; the packet is empty afterwards or still the caller's.
  void apply(AVPacket packet, Consumer<AVPacket> receiver) {
    if (unpacking == null) {
      receiver.accept(packet);
    } else if (av_bsf_send_packet(unpacking, packet) >= 0) {
      drain(receiver);
    }
  }

  void end(Consumer<AVPacket> receiver) {
    if (unpacking != null && av_bsf_send_packet(unpacking, null) >= 0) {
      drain(receiver);
    }
  }

  @Override
  public void close() {
    av_packet_free(filtered);
    if (unpacking != null) {
      av_bsf_free(unpacking);
    }
  }

  private void drain(Consumer<AVPacket> receiver) {
    while (unpacking != null && av_bsf_receive_packet(unpacking, filtered) >= 0) {
      if (filtered.size() > 0) {
        receiver.accept(filtered);
      }
      av_packet_unref(filtered);
    }
  }

  private static AVBSFContext unpacking(AVStream track) {
    AVBSFContext context = new AVBSFContext(null);
    int made = av_bsf_alloc(av_bsf_get_by_name("mpeg4_unpack_bframes"), context);
    if (made >= 0) {
      made = avcodec_parameters_copy(context.par_in(), track.codecpar());
      context.time_base_in(track.time_base());
    }
    if (made < 0 || av_bsf_init(context) < 0) {
      av_bsf_free(context);
      throw new CameraException("this build of FFmpeg cannot unpack MPEG-4 B-pictures");
    }
    return context;
  }
}
