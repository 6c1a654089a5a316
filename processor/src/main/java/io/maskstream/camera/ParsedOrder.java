package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_close;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_parse2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/// The picture order count (H.264 8.2.1, H.265 8.3.1), which FFmpeg's parser reads from slice
/// headers without decoding. Owns native memory.
final class ParsedOrder implements PictureOrderCount {

  /// PARSER_FLAG_COMPLETE_FRAMES: what it is given is one whole picture.
  private static final int COMPLETE_FRAMES = 1;

  private final AVCodecContext context;
  private final AVCodecParserContext parser;
  private final PointerPointer<BytePointer> parsed = new PointerPointer<>(1);
  private final IntPointer parsedBytes = new IntPointer(1);
  private BytePointer padded = new BytePointer(1 << 16);

  /// @param codecId FFmpeg's id of H.264 or H.265
  ParsedOrder(int codecId) {
    context = avcodec_alloc_context3((AVCodec) null);
    context.codec_id(codecId);
    parser = av_parser_init(codecId);
    parser.flags(parser.flags() | COMPLETE_FRAMES);
  }

  @Override
  public long of(byte[] unit) {
    if (padded.capacity() < unit.length + AV_INPUT_BUFFER_PADDING_SIZE) {
      padded.close();
      padded = new BytePointer(2L * unit.length + AV_INPUT_BUFFER_PADDING_SIZE);
    }
    padded.position(0).put(unit, 0, unit.length);
    for (int i = 0; i < AV_INPUT_BUFFER_PADDING_SIZE; i++) {
      padded.put(unit.length + (long) i, (byte) 0);
    }
    av_parser_parse2(
        parser,
        context,
        parsed,
        parsedBytes,
        padded,
        unit.length,
        AV_NOPTS_VALUE,
        AV_NOPTS_VALUE,
        -1);
    return parser.output_picture_number();
  }

  @Override
  public void close() {
    av_parser_close(parser);
    avcodec_free_context(context);
    parsed.close();
    parsedBytes.close();
    padded.close();
  }
}
