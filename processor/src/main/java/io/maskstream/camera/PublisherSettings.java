package io.maskstream.camera;

import java.util.Optional;

/// How cameras are published.
///
/// @param framesTopic receives access units
/// @param camerasTopic receives what becomes of the cameras; empty says nothing of them
/// @param maxRequestBytes the largest record that is sent, as long as the topic takes it too
/// @param pace of files and generated scenes
/// @param once whether a source is played one time, and a failure is final
public record PublisherSettings(
    String framesTopic,
    Optional<String> camerasTopic,
    int maxRequestBytes,
    Pace pace,
    boolean once,
    SourceSettings source,
    Backoff backoff) {

  public static final PublisherSettings STANDARD =
      new PublisherSettings(
          "maskstream.frames",
          Optional.of("maskstream.cameras"),
          8 << 20,
          Pace.REAL_TIME,
          false,
          SourceSettings.STANDARD,
          Backoff.STANDARD);

  public PublisherSettings withTopics(String frames, Optional<String> cameras) {
    return new PublisherSettings(frames, cameras, maxRequestBytes, pace, once, source, backoff);
  }

  public PublisherSettings withMaxRequestBytes(int bytes) {
    return new PublisherSettings(framesTopic, camerasTopic, bytes, pace, once, source, backoff);
  }

  public PublisherSettings withPace(Pace newPace) {
    return new PublisherSettings(
        framesTopic, camerasTopic, maxRequestBytes, newPace, once, source, backoff);
  }

  public PublisherSettings withOnce(boolean newOnce) {
    return new PublisherSettings(
        framesTopic, camerasTopic, maxRequestBytes, pace, newOnce, source, backoff);
  }

  public PublisherSettings withSource(SourceSettings newSource) {
    return new PublisherSettings(
        framesTopic, camerasTopic, maxRequestBytes, pace, once, newSource, backoff);
  }

  public PublisherSettings withBackoff(Backoff newBackoff) {
    return new PublisherSettings(
        framesTopic, camerasTopic, maxRequestBytes, pace, once, source, newBackoff);
  }
}
