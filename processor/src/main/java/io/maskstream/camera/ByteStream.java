package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_get_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_ref;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_close;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_parse2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/// Turns a container's packets into access units that decode by themselves from every keyframe on.
///
/// Owns a bitstream filter and a parser; closed by the demuxer. Not thread-safe.
final class ByteStream implements AutoCloseable {

  private final Codec codec;
  private final @Nullable AVBSFContext toAnnexB;
  private final @Nullable ParameterSets parameterSets;
  private final byte[] configuration;
  private final @Nullable AVCodecParserContext parser;
  private final @Nullable AVCodecContext parserContext;

  /// One coded picture.
  ///
  /// @param order the picture order count, where the codec has one
  /// @param restartsOrder whether the count begins anew with this picture
  record Picture(ByteBuffer data, boolean keyframe, int order, boolean restartsOrder) {}

  private ByteStream(Codec codec, AVStream stream) {
    this.codec = codec;
    AVCodecParameters parameters = stream.codecpar();
    byte[] extra = new byte[parameters.extradata_size()];
    if (extra.length > 0) {
      parameters.extradata().get(extra);
    }
    boolean annexBCodec = codec == Codec.H264 || codec == Codec.HEVC;
    if (annexBCodec) {
      toAnnexB = filter(codec == Codec.H264 ? "h264_mp4toannexb" : "hevc_mp4toannexb", stream);
      parameterSets = new ParameterSets(codec);
      AVCodecParameters annexB = toAnnexB.par_out();
      byte[] sets = new byte[annexB.extradata_size()];
      if (sets.length > 0) {
        annexB.extradata().get(sets);
      }
      parameterSets.remember(NalUnits.of(ByteBuffer.wrap(sets)));
      configuration = new byte[0];
      parserContext = avcodec_alloc_context3(null);
      avcodec_parameters_to_context(parserContext, annexB);
      parser = av_parser_init(parameters.codec_id());
      parser.flags(parser.flags() | AVCodecParserContext.PARSER_FLAG_COMPLETE_FRAMES);
    } else {
      toAnnexB = null;
      parameterSets = null;
      parser = null;
      parserContext = null;
      configuration = codec == Codec.MPEG4 || codec == Codec.MPEG2 ? extra : new byte[0];
    }
  }

  static ByteStream of(Codec codec, AVStream stream) {
    return new ByteStream(codec, stream);
  }

  /// Whether pictures carry a picture order count.
  boolean hasPictureOrder() {
    return parser != null;
  }

  /// @param flagged whether the container calls it a keyframe
  Picture picture(AVPacket packet, boolean flagged) {
    if (parameterSets == null) {
      return new Picture(
          withConfiguration(copy(packet), flagged), flagged || intraOnly(), 0, false);
    }
    ByteBuffer data = annexB(packet);
    List<ByteBuffer> units = NalUnits.of(data);
    boolean complete = parameterSets.remember(units);
    boolean keyframe = codec == Codec.H264 ? RandomAccess.h264(units) : RandomAccess.hevc(units);
    int order = pictureOrder(data);
    if (keyframe && !complete) {
      data = parameterSets.prepend(data);
    }
    return new Picture(data, keyframe, order, keyframe && restartsOrder(units));
  }

  @Override
  public void close() {
    if (toAnnexB != null) {
      av_bsf_free(toAnnexB);
    }
    if (parser != null) {
      av_parser_close(parser);
    }
    if (parserContext != null) {
      avcodec_free_context(parserContext);
    }
  }

  private boolean intraOnly() {
    return codec == Codec.MJPEG || codec == Codec.PNG;
  }

  /// IDR pictures, and H.265's BLA, set the picture order count back; other random access points do
  /// not.
  private boolean restartsOrder(List<ByteBuffer> units) {
    for (ByteBuffer unit : units) {
      int h264 = unit.get(0) & 0x1f;
      int hevc = unit.get(0) >> 1 & 0x3f;
      if (codec == Codec.H264 ? h264 == 5 : hevc >= 16 && hevc <= 20) {
        return true;
      }
    }
    return false;
  }

  /// MPEG-4 part 2 and MPEG-2 in a container: the headers stand in it once, we want them at every
  /// keyframe.
  private ByteBuffer withConfiguration(ByteBuffer data, boolean keyframe) {
    if (!keyframe || configuration.length == 0 || startsWithHeader(data)) {
      return data;
    }
    return ByteBuffer.allocate(configuration.length + data.remaining())
        .put(configuration)
        .put(data)
        .flip();
  }

  /// Start codes of a sequence header (MPEG-2: B3; MPEG-4: B0 visual sequence, 00 to 2F layers).
  private boolean startsWithHeader(ByteBuffer data) {
    if (data.remaining() < 4 || data.get(0) != 0 || data.get(1) != 0 || data.get(2) != 1) {
      return false;
    }
    int code = data.get(3) & 0xff;
    return codec == Codec.MPEG2 ? code == 0xb3 : code == 0xb0 || code <= 0x2f;
  }

  private ByteBuffer annexB(AVPacket packet) {
    AVPacket in = av_packet_alloc();
    AVPacket out = av_packet_alloc();
    try {
      av_packet_ref(in, packet);
      if (av_bsf_send_packet(toAnnexB, in) < 0 || av_bsf_receive_packet(toAnnexB, out) < 0) {
        return copy(packet);
      }
      return copy(out);
    } finally {
      av_packet_free(in);
      av_packet_free(out);
    }
  }

  private int pictureOrder(ByteBuffer data) {
    AVCodecParserContext p = parser;
    if (p == null) {
      return 0;
    }
    byte[] bytes = new byte[data.remaining() + 64];
    data.duplicate().get(bytes, 0, data.remaining());
    try (BytePointer in = new BytePointer(bytes);
        PointerPointer<BytePointer> out = new PointerPointer<>(1);
        IntPointer size = new IntPointer(1)) {
      av_parser_parse2(
          p, parserContext, out, size, in, data.remaining(), AV_NOPTS_VALUE, AV_NOPTS_VALUE, 0);
      return p.output_picture_number();
    }
  }

  private static AVBSFContext filter(String name, AVStream stream) {
    AVBSFContext filter = new AVBSFContext(null);
    int allocated = av_bsf_alloc(av_bsf_get_by_name(name), filter);
    if (allocated < 0) {
      throw new CameraException("this build of FFmpeg has no filter " + name);
    }
    avcodec_parameters_copy(filter.par_in(), stream.codecpar());
    filter.time_base_in(stream.time_base());
    if (av_bsf_init(filter) < 0) {
      av_bsf_free(filter);
      throw new CameraException("the video's parameter sets are damaged (" + name + ")");
    }
    return filter;
  }

  private static ByteBuffer copy(AVPacket packet) {
    ByteBuffer copy = ByteBuffer.allocate(packet.size());
    packet.data().get(copy.array(), 0, packet.size());
    return copy;
  }
}
