package io.maskstream.camera;

import java.time.Duration;
import java.time.InstantSource;

/// How sources are opened and read.
///
/// @param openDeadline a source that has not shown its first picture by then is given up
/// @param stallDeadline a source that says nothing for so long is given up
/// @param videoTrack which of the source's video tracks, from 0; [#DEFAULT_TRACK] takes the one the
///   source calls its default, else the first
/// @param clock says when a picture was received, and when a file begins
public record SourceSettings(
    Duration openDeadline, Duration stallDeadline, int videoTrack, InstantSource clock) {

  public static final int DEFAULT_TRACK = -1;

  public static final SourceSettings STANDARD =
      new SourceSettings(
          Duration.ofSeconds(15), Duration.ofSeconds(10), DEFAULT_TRACK, InstantSource.system());

  public SourceSettings {
    if (!openDeadline.isPositive() || !stallDeadline.isPositive()) {
      throw new IllegalArgumentException(
          "deadlines are not positive: open=" + openDeadline + " stall=" + stallDeadline);
    }
    if (videoTrack < DEFAULT_TRACK) {
      throw new IllegalArgumentException("video track is negative: " + videoTrack);
    }
  }

  public SourceSettings withVideoTrack(int track) {
    return new SourceSettings(openDeadline, stallDeadline, track, clock);
  }

  public SourceSettings withDeadlines(Duration open, Duration stall) {
    return new SourceSettings(open, stall, videoTrack, clock);
  }

  public SourceSettings withClock(InstantSource source) {
    return new SourceSettings(openDeadline, stallDeadline, videoTrack, source);
  }
}
