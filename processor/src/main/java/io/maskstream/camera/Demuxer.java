package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.UUID;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/// Reads the access units of one video track, in decoding order, without decoding them.
///
/// One opening is one session. H.264 and H.265 come as Annex B byte streams whose keyframes carry
/// their parameter sets. Owns native memory: whoever opens it closes it. Not thread-safe, but for
/// [#abandon].
public final class Demuxer implements AutoCloseable {

  private final String cameraId;
  private final CameraAddress address;
  private final Clock clock;
  private final Deadline deadline;
  private final String sessionId = UUID.randomUUID().toString();
  private final boolean live;
  private final AVFormatContext context;
  private final AVPacket packet;
  private final int stream;
  private final VideoTrack track;
  private final ByteStream bytes;
  private final ArrayDeque<AccessUnit> ready = new ArrayDeque<>();
  private final @Nullable PresentationOrder<Coded> order;
  private final Instant opened;
  private long sequence;
  private long firstPts = AV_NOPTS_VALUE;
  private long countedPts;
  private boolean ended;

  /// One coded picture before it has its place in the session.
  record Coded(ByteBuffer data, boolean keyframe) {}

  private Demuxer(
      String cameraId,
      CameraAddress address,
      Clock clock,
      Deadline deadline,
      AVFormatContext context,
      int stream) {
    this.cameraId = cameraId;
    this.address = address;
    this.clock = clock;
    this.deadline = deadline;
    this.context = context;
    this.stream = stream;
    live = Sources.isLive(address, context);
    boolean untimed = Sources.hasNoTimestamps(context);
    track = Tracks.describe(context, stream, untimed);
    bytes = ByteStream.of(track.codec(), context.streams(stream));
    order =
        untimed && bytes.hasPictureOrder()
            ? new PresentationOrder<>(PresentationOrder.DEPTH, this::deliver)
            : null;
    packet = av_packet_alloc();
    opened = clock.instant();
  }

  /// Opens a camera or a file.
  ///
  /// @param cameraId whose access units these are
  /// @param patience how long the source may say nothing, here and at every read
  /// @throws CameraException if it cannot be opened, is no video, or says nothing for too long
  public static Demuxer open(
      String cameraId, CameraAddress address, Duration patience, Clock clock) {
    FfmpegLog.quieten();
    Deadline deadline = new Deadline(patience);
    AVFormatContext context = avformat_alloc_context();
    context.interrupt_callback(deadline.callback());
    AVDictionary options = new AVDictionary(null);
    try {
      for (Map.Entry<String, String> option : Sources.options(address).entrySet()) {
        av_dict_set(options, option.getKey(), option.getValue(), 0);
      }
      deadline.restart();
      AVInputFormat format = Sources.format(address);
      int opened = avformat_open_input(context, Sources.url(address), format, options);
      if (opened < 0) {
        deadline.close();
        // avformat_open_input has freed the context.
        throw failure("cannot open", address, deadline, opened);
      }
    } finally {
      av_dict_free(options);
    }
    try {
      int found = avformat_find_stream_info(context, (PointerPointer<?>) null);
      if (found < 0) {
        throw failure("cannot read", address, deadline, found);
      }
      int best =
          av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
      if (best < 0) {
        throw new CameraException("there is no video in " + address);
      }
      return new Demuxer(cameraId, address, clock, deadline, context, best);
    } catch (RuntimeException e) {
      avformat_close_input(context);
      deadline.close();
      throw e;
    }
  }

  public VideoTrack track() {
    return track;
  }

  public String sessionId() {
    return sessionId;
  }

  /// Whether pictures are taken as they come, and not stored.
  public boolean live() {
    return live;
  }

  /// The next access unit, or null at the end of the stream.
  ///
  /// @throws CameraException if the source fails or says nothing for too long
  public @Nullable AccessUnit next() {
    while (ready.isEmpty() && !ended) {
      read();
    }
    return ready.poll();
  }

  /// Says that the session is over; to be sent after the last access unit.
  public AccessUnit endOfSession() {
    return unit(ByteBuffer.allocate(0), false, countedPts, true);
  }

  /// Makes a read that is under way fail; may be called from any thread.
  public void abandon() {
    deadline.abandon();
  }

  @Override
  public void close() {
    av_packet_free(packet);
    bytes.close();
    avformat_close_input(context);
    deadline.close();
  }

  private void read() {
    deadline.restart();
    int result = av_read_frame(context, packet);
    if (result == AVERROR_EAGAIN()) {
      return;
    }
    if (result < 0) {
      ended = true;
      if (order != null) {
        order.finish();
      }
      if (result != AVERROR_EOF) {
        throw failure("reading stopped of", address, deadline, result);
      }
      return;
    }
    try {
      if (packet.stream_index() == stream && packet.size() > 0) {
        accept();
      }
    } finally {
      av_packet_unref(packet);
    }
  }

  private void accept() {
    ByteStream.Picture picture = bytes.picture(packet, (packet.flags() & AV_PKT_FLAG_KEY) != 0);
    Coded coded = new Coded(picture.data(), picture.keyframe());
    if (order != null) {
      order.add(coded, picture.order(), picture.restartsOrder());
      return;
    }
    long pts = packet.pts() != AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    deliver(coded, pts != AV_NOPTS_VALUE && !timedByCount() ? pts : countedPts);
  }

  /// Raw streams without reordering are simply counted.
  private boolean timedByCount() {
    return Sources.hasNoTimestamps(context);
  }

  private void deliver(Coded coded, long pts) {
    if (firstPts == AV_NOPTS_VALUE) {
      firstPts = pts;
    }
    countedPts = Math.max(countedPts, pts + 1);
    ready.add(unit(coded.data(), coded.keyframe(), pts, false));
  }

  private AccessUnit unit(ByteBuffer data, boolean keyframe, long pts, boolean endOfSession) {
    Identity identity =
        new Identity(cameraId, sessionId, sequence++, pts, track.timeBase(), captureTime(pts));
    return new AccessUnit(
        identity,
        track.codec(),
        keyframe,
        data,
        track.rotationDegrees(),
        track.colorMatrix(),
        track.colorRange(),
        endOfSession);
  }

  /// Live pictures are taken now; stored ones as far from the opening as they are from the first.
  private Instant captureTime(long pts) {
    if (live) {
      return clock.instant();
    }
    double seconds =
        (double) (pts - (firstPts == AV_NOPTS_VALUE ? pts : firstPts))
            * track.timeBase().numerator()
            / track.timeBase().denominator();
    return opened.plusNanos(Math.round(seconds * 1e9));
  }

  private static CameraException failure(
      String what, CameraAddress address, Deadline deadline, int error) {
    if (deadline.gaveUp()) {
      return new CameraException(what + " " + address + ": " + deadline.verdict());
    }
    byte[] text = new byte[256];
    av_strerror(error, text, text.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new CameraException(
        what + " " + address + ": " + new String(text, 0, end, StandardCharsets.UTF_8));
  }

  static {
    // Loads FFmpeg with the first demuxer, not with the command line.
    org.bytedeco.javacpp.Loader.load(org.bytedeco.ffmpeg.global.avformat.class);
  }

  /// For null checks of native pointers.
  static boolean missing(@Nullable Pointer pointer) {
    return pointer == null || pointer.isNull();
  }
}
