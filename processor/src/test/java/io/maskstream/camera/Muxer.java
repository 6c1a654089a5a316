package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// Writes access units into the container that a file's name ends in.
final class Muxer {

  private Muxer() {}

  static Path write(Path file, Settings settings, List<AccessUnit> units) {
    AVFormatContext context = new AVFormatContext(null);
    check(avformat_alloc_output_context2(context, null, null, file.toString()));
    AVStream stream = avformat_new_stream(context, null);
    AVRational timeBase = av_make_q(1, settings.framesPerSecond());
    stream.time_base(timeBase);
    stream.avg_frame_rate(av_make_q(settings.framesPerSecond(), 1));
    stream.codecpar().codec_type(AVMEDIA_TYPE_VIDEO);
    stream.codecpar().codec_id(codecId(settings.codec()));
    stream.codecpar().width(settings.width());
    stream.codecpar().height(settings.height());
    stream.codecpar().video_delay(settings.bFrames() > 0 ? 1 : 0);
    extradata(stream, settings.codec(), Reading.bytes(units.getFirst()));
    AVIOContext io = new AVIOContext(null);
    check(avio_open(io, file.toString(), AVIO_FLAG_WRITE));
    context.pb(io);
    check(avformat_write_header(context, (AVDictionary) null));
    // The n-th picture decoded is due when the n-th is shown, less the delay of reordering.
    long[] shown = units.stream().mapToLong(unit -> unit.identity().pts()).sorted().toArray();
    int delay = settings.bFrames() > 0 ? 1 : 0;
    AVPacket packet = av_packet_alloc();
    for (int i = 0; i < units.size(); i++) {
      byte[] bytes = Reading.bytes(units.get(i));
      check(av_new_packet(packet, bytes.length));
      packet.data().put(bytes, 0, bytes.length);
      packet.pts(units.get(i).identity().pts());
      packet.dts(shown[i] - delay);
      packet.duration(1);
      packet.flags(units.get(i).keyframe() ? AV_PKT_FLAG_KEY : 0);
      packet.stream_index(0);
      av_packet_rescale_ts(packet, timeBase, stream.time_base());
      check(av_interleaved_write_frame(context, packet));
    }
    check(av_write_trailer(context));
    av_packet_free(packet);
    avio_closep(io);
    avformat_free_context(context);
    return file;
  }

  /// What stands before the first picture: the parameter sets.
  private static void extradata(AVStream stream, Codec codec, byte[] first) {
    byte[] sets =
        switch (codec) {
          case H264 -> Arrays.copyOf(first, indexOf(first, 0x65));
          case MPEG4 -> Arrays.copyOf(first, indexOf(first, 0xb6));
          case MPEG2 -> Arrays.copyOf(first, indexOf(first, 0x00));
          // Behind the temporal delimiter (12 00): 0a, length, sequence header.
          case AV1 -> Arrays.copyOfRange(first, 2, 4 + first[3]);
          case HEVC, MJPEG, VP8, VP9, PNG -> new byte[0];
        };
    if (sets.length == 0) {
      return;
    }
    Pointer memory = av_mallocz(sets.length + 64L);
    new BytePointer(memory).put(sets, 0, sets.length);
    stream.codecpar().extradata(new BytePointer(memory));
    stream.codecpar().extradata_size(sets.length);
  }

  /// Where the start code before this byte begins.
  private static int indexOf(byte[] bytes, int code) {
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i - 3] == 0
          && bytes[i - 2] == 0
          && bytes[i - 1] == 1
          && (bytes[i] & 0xff) == code) {
        return i > 3 && bytes[i - 4] == 0 ? i - 4 : i - 3;
      }
    }
    return 0;
  }

  private static int codecId(Codec codec) {
    return switch (codec) {
      case H264 -> AV_CODEC_ID_H264;
      case MPEG4 -> AV_CODEC_ID_MPEG4;
      case MPEG2 -> AV_CODEC_ID_MPEG2VIDEO;
      case VP8 -> AV_CODEC_ID_VP8;
      case VP9 -> AV_CODEC_ID_VP9;
      case AV1 -> AV_CODEC_ID_AV1;
      case MJPEG -> AV_CODEC_ID_MJPEG;
      case HEVC, PNG -> throw new IllegalArgumentException("no encoder: " + codec);
    };
  }

  private static void check(int result) {
    if (result < 0) {
      throw new IllegalStateException("FFmpeg says " + result);
    }
  }
}
