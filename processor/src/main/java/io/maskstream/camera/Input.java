package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avdevice.avdevice_register_all;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_NOTIMESTAMPS;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_OPT_SEARCH_CHILDREN;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_get;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import io.maskstream.camera.CameraAddress.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/// An opened container or camera, and the video track chosen in it. Owns FFmpeg's context; one
/// thread opens, reads and closes.
///
/// FFmpeg opens no protocol, container or decoder but those listed here (it decodes a few pictures
/// to learn a track's size): a playlist, or a camera that answers with a redirect, cannot make it
/// read files or other hosts.
final class Input implements AutoCloseable {

  private static final String CONTAINERS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,h264,hevc,m4v,mjpeg,mpjpeg,"
          + "flv,ivf,obu,av1,rtsp,sdp,rtp,image2,png_pipe,jpeg_pipe,video4linux2,v4l2";
  private static final String DECODERS =
      "h264,hevc,mjpeg,vp8,vp9,libdav1d,libaom-av1,av1,mpeg4,mpeg2video,png";
  private static final int DISCARD_ALL = avcodec.AVDISCARD_ALL;
  private static final int ERROR_TEXT_BYTES = 256;

  private final CameraAddress address;
  private final Deadline deadline;
  private final AVFormatContext context;
  private final AVStream video;

  private Input(CameraAddress address, Deadline deadline, AVFormatContext context, int videoTrack) {
    this.address = address;
    this.deadline = deadline;
    this.context = context;
    this.video = choose(videoTrack);
  }

  /// @throws CameraException if there is no readable video by the deadline
  static Input open(CameraAddress address, SourceSettings settings, Cancellation cancellation) {
    FfmpegLog.install();
    Deadline deadline = new Deadline(cancellation);
    deadline.within(settings.openDeadline());
    AVFormatContext context = avformat_alloc_context();
    deadline.guard(context);
    try {
      connect(address, settings, deadline, context);
      refuseRedirect(address, context);
      int found = avformat_find_stream_info(context, (AVDictionary) null);
      if (found < 0) {
        throw failure("cannot read", address, deadline, settings.openDeadline(), found);
      }
      return new Input(address, deadline, context, settings.videoTrack());
    } catch (CameraException e) {
      avformat_close_input(context);
      deadline.close();
      throw e;
    }
  }

  CameraAddress address() {
    return address;
  }

  AVFormatContext context() {
    return context;
  }

  AVStream video() {
    return video;
  }

  Deadline deadline() {
    return deadline;
  }

  String container() {
    return context.iformat().name().getString();
  }

  /// Whether the container carries no times, but bare pictures.
  boolean isBare() {
    return (context.iformat().flags() & AVFMT_NOTIMESTAMPS) != 0;
  }

  /// Whether pictures come at the camera's pace.
  boolean isLive() {
    return switch (address.kind()) {
      case RTSP, DEVICE -> true;
      case HTTP -> container().equals("mpjpeg");
      case FILE, GENERATED -> false;
    };
  }

  CameraException failure(String what, Duration patience, int error) {
    return failure(what, address, deadline, patience, error);
  }

  @Override
  public void close() {
    avformat_close_input(context);
    deadline.close();
  }

  private static void connect(
      CameraAddress address, SourceSettings settings, Deadline deadline, AVFormatContext context) {
    AVInputFormat format = null;
    if (address.kind() == Kind.DEVICE) {
      avdevice_register_all();
      format = av_find_input_format("v4l2");
      if (format == null) {
        throw new CameraException("this build of FFmpeg reads no Video4Linux devices: " + address);
      }
    }
    AVDictionary dictionary = new AVDictionary(null);
    try {
      options(address, settings).forEach((name, value) -> av_dict_set(dictionary, name, value, 0));
      int opened = avformat_open_input(context, address.secret(), format, dictionary);
      if (opened < 0) {
        throw failure("cannot open", address, deadline, settings.openDeadline(), opened);
      }
    } finally {
      av_dict_free(dictionary);
    }
  }

  private static Map<String, String> options(CameraAddress address, SourceSettings settings) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("format_whitelist", CONTAINERS);
    options.put("codec_whitelist", DECODERS);
    String patience = Long.toString(settings.stallDeadline().toNanos() / 1_000);
    switch (address.kind()) {
      case FILE -> {
        options.put("protocol_whitelist", "file");
        options.put("fflags", "+genpts");
      }
      case RTSP -> {
        options.put("protocol_whitelist", "rtsp,rtsps,rtp,tcp,tls");
        options.put("rtsp_transport", "tcp");
        options.put("allowed_media_types", "video");
        options.put("timeout", patience);
      }
      case HTTP -> {
        options.put("protocol_whitelist", "http,https,tcp,tls");
        options.put("rw_timeout", patience);
      }
      case DEVICE -> {
        options.put("protocol_whitelist", "file");
        options.put("input_format", "mjpeg");
      }
      case GENERATED ->
          throw new IllegalArgumentException("a generated scene is no container: " + address);
    }
    return options;
  }

  /// FFmpeg follows redirects on its own account; nothing is read from where they lead.
  private static void refuseRedirect(CameraAddress address, AVFormatContext context) {
    if (address.kind() != Kind.HTTP) {
      return;
    }
    try (PointerPointer<BytePointer> found = new PointerPointer<>(1);
        BytePointer name = new BytePointer("location")) {
      int known = av_opt_get(context.pb(), name, AV_OPT_SEARCH_CHILDREN, found);
      if (known < 0) {
        return;
      }
      BytePointer location = found.get(BytePointer.class, 0);
      String arrived = location.getString();
      av_free(location);
      if (!arrived.equals(address.secret())) {
        throw new CameraException(
            "%s redirects to %s; name that address if you trust it"
                .formatted(address, CameraAddress.of(arrived)));
      }
    }
  }

  private AVStream choose(int videoTrack) {
    List<AVStream> tracks = new ArrayList<>();
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream track = context.streams(i);
      track.discard(DISCARD_ALL);
      if (track.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && track.codecpar().codec_id() != AV_CODEC_ID_NONE
          && (track.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0) {
        tracks.add(track);
      }
    }
    if (tracks.isEmpty()) {
      throw new CameraException(
          "there is no video in " + address + "; tracks=" + context.nb_streams());
    }
    if (videoTrack >= tracks.size()) {
      throw new CameraException(
          "video track %d is not in %s, which has %d; count from 0"
              .formatted(videoTrack, address, tracks.size()));
    }
    AVStream chosen =
        videoTrack >= 0
            ? tracks.get(videoTrack)
            : tracks.stream()
                .filter(track -> (track.disposition() & AV_DISPOSITION_DEFAULT) != 0)
                .findFirst()
                .orElse(tracks.getFirst());
    chosen.discard(avcodec.AVDISCARD_DEFAULT);
    return chosen;
  }

  private static CameraException failure(
      String what, CameraAddress address, Deadline deadline, Duration patience, int error) {
    if (deadline.isCancelled()) {
      return new CameraException("stopped while waiting for " + address);
    }
    if (deadline.isOver() || error == AVERROR_EXIT) {
      return new CameraException(
          "%s %s: it said nothing useful for %.1f s; look whether the camera is up and reachable"
              .formatted(what, address, patience.toMillis() / 1e3));
    }
    byte[] text = new byte[ERROR_TEXT_BYTES];
    av_strerror(error, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    String said = address.scrub(new String(text, 0, length, StandardCharsets.UTF_8));
    return new CameraException("%s %s: %s".formatted(what, address, said));
  }
}
