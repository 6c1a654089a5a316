package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_list_parse_str;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.maskstream.camera.FfmpegLog;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/// The coded pictures of one video track of a file, demuxed by FFmpeg with nothing of the product
/// in between, H.264 and H.265 as Annex B.
public record Clip(Codec codec, List<Unit> units) {

  /// @param pts in the track's time base; the place in decoding order where the file has none
  public record Unit(byte[] data, boolean keyframe, long pts) {}

  /// @param track counts the file's video tracks from 0
  public static Clip read(Path file, int track) {
    FfmpegLog.install();
    AVFormatContext container = new AVFormatContext(null);
    AVDictionary options = new AVDictionary(null);
    assertThat(avformat_open_input(container, file.toString(), (AVInputFormat) null, options))
        .as("open " + file)
        .isZero();
    AVBSFContext filter = new AVBSFContext(null);
    AVPacket packet = av_packet_alloc();
    try {
      assertThat(avformat_find_stream_info(container, (AVDictionary) null)).isNotNegative();
      AVStream stream = track(container, track);
      Codec codec = codec(avcodec_get_name(stream.codecpar().codec_id()).getString());
      assertThat(av_bsf_list_parse_str(filters(codec), filter)).isZero();
      avcodec_parameters_copy(filter.par_in(), stream.codecpar());
      filter.time_base_in(stream.time_base());
      assertThat(av_bsf_init(filter)).isZero();
      List<Unit> units = new ArrayList<>();
      while (av_read_frame(container, packet) >= 0) {
        if (packet.stream_index() != stream.index()) {
          av_packet_unref(packet);
        } else if (av_bsf_send_packet(filter, packet) >= 0) {
          take(filter, packet, units);
        } else {
          av_packet_unref(packet);
        }
      }
      av_bsf_send_packet(filter, null);
      take(filter, packet, units);
      return new Clip(codec, units);
    } finally {
      av_packet_free(packet);
      av_bsf_free(filter);
      avformat_close_input(container);
    }
  }

  private static AVStream track(AVFormatContext container, int track) {
    int videos = 0;
    for (int i = 0; i < container.nb_streams(); i++) {
      AVStream stream = container.streams(i);
      if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO && videos++ == track) {
        return stream;
      }
    }
    throw new AssertionError("no video track " + track);
  }

  private static void take(AVBSFContext filter, AVPacket packet, List<Unit> units) {
    while (av_bsf_receive_packet(filter, packet) >= 0) {
      byte[] data = new byte[packet.size()];
      packet.data().get(data);
      long pts = packet.pts() == AV_NOPTS_VALUE ? units.size() : packet.pts();
      if (data.length > 0) {
        units.add(new Unit(data, (packet.flags() & AV_PKT_FLAG_KEY) != 0, pts));
      }
      av_packet_unref(packet);
    }
  }

  private static String filters(Codec codec) {
    return switch (codec) {
      case H264 -> "h264_mp4toannexb";
      case HEVC -> "hevc_mp4toannexb";
      case MPEG4 -> "dump_extra";
      case MJPEG, VP8, VP9, AV1, MPEG2, PNG -> "null";
    };
  }

  static Codec codec(String name) {
    return switch (name) {
      case "h264" -> Codec.H264;
      case "hevc" -> Codec.HEVC;
      case "mjpeg" -> Codec.MJPEG;
      case "vp8" -> Codec.VP8;
      case "vp9" -> Codec.VP9;
      case "av1" -> Codec.AV1;
      case "mpeg4" -> Codec.MPEG4;
      case "mpeg2video" -> Codec.MPEG2;
      case "png" -> Codec.PNG;
      default -> throw new AssertionError("unknown codec " + name);
    };
  }

  /// As access units of a camera, numbered from 0.
  List<io.maskstream.wire.AccessUnit> accessUnits() {
    List<io.maskstream.wire.AccessUnit> all = new ArrayList<>();
    for (Unit unit : units) {
      all.add(
          Units.unit(codec, all.size(), unit.pts(), unit.keyframe(), ByteBuffer.wrap(unit.data())));
    }
    return all;
  }
}
