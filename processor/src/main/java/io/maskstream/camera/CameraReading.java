package io.maskstream.camera;

import java.time.Duration;

/// What a publisher has counted of one camera.
///
/// @param up whether access units flow
/// @param accessUnits published since the start
/// @param dropped access units left out since the start: too large, or waiting for a keyframe
/// @param framesPerSecond since the last reading
/// @param bytesPerSecond since the last reading
/// @param keyframeGap from the last keyframe but one to the last; zero while unknown
/// @param lag from capture to publication of the last access unit
/// @param reconnects since the start
public record CameraReading(
    String cameraId,
    boolean up,
    long accessUnits,
    long dropped,
    double framesPerSecond,
    double bytesPerSecond,
    Duration keyframeGap,
    Duration lag,
    int reconnects) {}
