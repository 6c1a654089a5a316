package io.maskstream.camera;

import io.maskstream.wire.Codec;
import java.util.Locale;

/// What a source says of its video track when it is opened.
///
/// @param codec how the pictures are coded
/// @param profile the codec's profile, such as "High"; empty where there is none
/// @param width columns of the coded picture, before rotation; 0 where unknown
/// @param height rows of the coded picture, before rotation; 0 where unknown
/// @param framesPerSecond the nominal rate; 0 where unknown
/// @param bitsPerSecond the nominal rate; 0 where unknown
/// @param reorderDepth how many pictures may be coded before a picture that is shown before them; 0
///   means no B-frames
/// @param rotationDegrees clockwise turn that makes the picture upright
/// @param container FFmpeg's name of the container or protocol
/// @param live whether pictures come at the camera's pace, and cannot be read again
public record SourceFormat(
    Codec codec,
    String profile,
    int width,
    int height,
    double framesPerSecond,
    long bitsPerSecond,
    int reorderDepth,
    int rotationDegrees,
    String container,
    boolean live) {

  /// Codec, profile, size and rate in words, such as "h264 High 1920x1080 25 fps".
  public String description() {
    StringBuilder words = new StringBuilder(codec.name().toLowerCase(Locale.ROOT));
    if (!profile.isEmpty()) {
      words.append(' ').append(profile);
    }
    if (width > 0) {
      words.append(' ').append(width).append('x').append(height);
    }
    if (framesPerSecond > 0) {
      String rate = String.format(Locale.ROOT, "%.2f", framesPerSecond);
      words.append(' ').append(rate.replaceAll("\\.?0+$", "")).append(" fps");
    }
    return words.toString();
  }
}
