package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/// How each kind of address is opened.
final class Sources {

  /// Containers that are nothing but the coded pictures in a row.
  private static final Set<String> UNTIMED =
      Set.of("h264", "hevc", "m4v", "mjpeg", "mpegvideo", "obu", "png_pipe", "jpeg_pipe");

  private static final Set<String> LIVE = Set.of("rtsp", "rtsps", "rtp", "udp", "srt", "v4l2");

  private Sources() {}

  /// Options of avformat_open_input. A file must not lead to the network, nor a URL to a file.
  static Map<String, String> options(CameraAddress address) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put(
        "protocol_whitelist",
        switch (address.scheme()) {
          case "file" -> "file";
          case "rtsp" -> "rtp,tcp,udp";
          case "rtsps" -> "rtp,tcp,tls";
          case "http" -> "http,tcp";
          case "https" -> "https,tls,tcp";
          case "rtp", "udp" -> "rtp,udp";
          case "v4l2" -> "file";
          default ->
              throw new CameraException(
                  "cannot publish "
                      + address
                      + ": scheme="
                      + address.scheme()
                      + " is none of file, rtsp, rtsps, http, https, rtp, udp, v4l2, testsrc");
        });
    if (address.scheme().startsWith("rtsp")) {
      options.put("rtsp_transport", "tcp");
    }
    return options;
  }

  /// The container, where FFmpeg cannot find it out by itself.
  static @Nullable AVInputFormat format(CameraAddress address) {
    if (!address.scheme().equals("v4l2")) {
      return null;
    }
    Loader.load(org.bytedeco.ffmpeg.global.avdevice.class);
    org.bytedeco.ffmpeg.global.avdevice.avdevice_register_all();
    AVInputFormat v4l2 = av_find_input_format("video4linux2,v4l2");
    if (v4l2 == null) {
      throw new CameraException("this build of FFmpeg reads no v4l2 devices: " + address);
    }
    return v4l2;
  }

  /// What FFmpeg is given.
  static String url(CameraAddress address) {
    return switch (address.scheme()) {
      case "v4l2" -> address.secret().substring("v4l2:".length());
      case "file" ->
          address.secret().startsWith("file:") ? address.secret() : "file:" + address.secret();
      default -> address.secret();
    };
  }

  static boolean isLive(CameraAddress address, AVFormatContext context) {
    return LIVE.contains(address.scheme())
        || name(context).equals("mpjpeg")
        || (address.scheme().startsWith("http") && context.duration() <= 0);
  }

  /// Whether the container says nothing of time.
  static boolean hasNoTimestamps(AVFormatContext context) {
    return UNTIMED.contains(name(context));
  }

  private static String name(AVFormatContext context) {
    return context.iformat().name().getString();
  }
}
