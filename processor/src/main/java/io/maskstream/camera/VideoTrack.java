package io.maskstream.camera;

import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity.TimeBase;

/// What a container says of the video in it.
///
/// @param codec how its access units are coded
/// @param profile the codec's profile in words, empty if unknown
/// @param width of the coded picture in pixels, before rotation
/// @param height of the coded picture in pixels, before rotation
/// @param framesPerSecond mean rate; 0 if unknown
/// @param timeBase seconds of one unit of pts
/// @param rotationDegrees clockwise turn that makes pictures upright
/// @param colorMatrix the container's word
/// @param colorRange the container's word
public record VideoTrack(
    Codec codec,
    String profile,
    int width,
    int height,
    double framesPerSecond,
    TimeBase timeBase,
    int rotationDegrees,
    ColorMatrix colorMatrix,
    ColorRange colorRange) {}
