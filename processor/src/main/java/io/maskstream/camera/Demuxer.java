package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_PRFT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/// Access units of a container or camera, by FFmpeg's avformat. Owns native memory; one thread
/// opens, reads and closes.
final class Demuxer implements CameraSource {

  private final Session session;
  private final SourceSettings settings;
  private final Input input;
  private final Track track;
  private final Bitstream bitstream;
  private final Timeline timeline;
  private final PacketFilter filter;
  private final CameraClock clock;
  private final AVPacket packet = av_packet_alloc();
  private final ArrayDeque<Timeline.Placed> ready = new ArrayDeque<>();
  private long lastPts = -1;
  private boolean ended;
  private @Nullable CameraException failure;

  private Demuxer(Session session, SourceSettings settings, Input input, Track track) {
    this.session = session;
    this.settings = settings;
    this.input = input;
    this.track = track;
    this.bitstream = Bitstream.of(track.format().codec(), track.extradata());
    this.filter = PacketFilter.of(track.format().codec(), input.video());
    this.clock = new CameraClock(isParsed(track.format().codec()), track.pictureTime());
    this.timeline = Timeline.of(session, input, track, bitstream);
  }

  static Demuxer open(
      String cameraId, CameraAddress address, SourceSettings settings, Cancellation cancellation) {
    Input input = Input.open(address, settings, cancellation);
    try {
      Session session = Session.begin(cameraId, settings.clock());
      return new Demuxer(session, settings, input, Track.of(input, address));
    } catch (CameraException e) {
      input.close();
      throw e;
    }
  }

  @Override
  public String sessionId() {
    return session.id();
  }

  @Override
  public SourceFormat format() {
    return track.format();
  }

  @Override
  public Optional<AccessUnit> next() {
    while (ready.isEmpty() && !ended) {
      read();
    }
    Timeline.Placed placed = ready.poll();
    if (placed != null) {
      return Optional.of(unit(placed));
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  @Override
  public AccessUnit endOfSession() {
    return new AccessUnit(
        session.next(lastPts + 1, timeline.timeBase(), session.now()),
        track.format().codec(),
        false,
        ByteBuffer.allocate(0),
        track.format().rotationDegrees(),
        track.colorMatrix(),
        track.colorRange(),
        true);
  }

  @Override
  public void close() {
    timeline.close();
    filter.close();
    av_packet_free(packet);
    input.close();
  }

  private void read() {
    input.deadline().within(settings.stallDeadline());
    int error = av_read_frame(input.context(), packet);
    if (error == AVERROR_EAGAIN()) {
      return;
    }
    if (error < 0) {
      end(error);
      return;
    }
    if (packet.stream_index() == input.video().index() && packet.size() > 0) {
      filter.apply(packet, this::take);
    }
    av_packet_unref(packet);
  }

  private void end(int error) {
    ended = true;
    boolean cancelled = input.deadline().isCancelled();
    if (error != AVERROR_EOF && !cancelled) {
      failure = input.failure("cannot read on from", settings.stallDeadline(), error);
    } else if (input.isLive() && !cancelled) {
      failure = new CameraException("the camera has ended the stream: " + input.address());
    }
    filter.end(this::take);
    ready.addAll(timeline.end());
  }

  private void take(AVPacket whole) {
    byte[] changed = sideData(whole, AV_PKT_DATA_NEW_EXTRADATA);
    if (changed.length > 0) {
      bitstream.configure(changed);
    }
    byte[] bytes = new byte[whole.size()];
    whole.data().get(bytes);
    ready.addAll(
        timeline.place(bitstream.read(bytes), whole.pts(), whole.dts(), captureTime(whole)));
  }

  private AccessUnit unit(Timeline.Placed placed) {
    lastPts = Math.max(lastPts, placed.pts());
    return new AccessUnit(
        session.next(placed.pts(), timeline.timeBase(), placed.captureTime()),
        track.format().codec(),
        placed.coded().keyframe(),
        ByteBuffer.wrap(placed.coded().bytes()),
        track.format().rotationDegrees(),
        track.colorMatrix(),
        track.colorRange(),
        false);
  }

  private Instant captureTime(AVPacket whole) {
    Instant now = session.now();
    if (!input.isLive()) {
      return now;
    }
    byte[] reference = sideData(whole, AV_PKT_DATA_PRFT);
    if (reference.length < Long.BYTES) {
      return clock.captured(null, now);
    }
    long micros = ByteBuffer.wrap(reference).order(ByteOrder.nativeOrder()).getLong();
    return clock.captured(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), now);
  }

  /// Whether FFmpeg finds the access units in what the camera sends by looking for the next.
  private static boolean isParsed(Codec codec) {
    return switch (codec) {
      case H264, HEVC, MPEG4, MPEG2 -> true;
      case MJPEG, PNG, VP8, VP9, AV1 -> false;
    };
  }

  private static byte[] sideData(AVPacket packet, int type) {
    if (packet.side_data_elems() == 0) {
      return new byte[0];
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data = av_packet_get_side_data(packet, type, size);
      if (data == null || data.isNull()) {
        return new byte[0];
      }
      byte[] bytes = new byte[(int) size.get()];
      data.get(bytes);
      return bytes;
    }
  }
}
