package io.maskstream.inference;

import io.maskstream.wire.Release;
import java.time.Duration;

/// One frame's class map with how it was made.
///
/// @param classMap the class of every pixel
/// @param release the release that made it
/// @param queued how long the frame waited for its micro-batch
/// @param inference how long the micro-batch's run took
/// @param batchSize frames in the micro-batch
public record Segmented(
    ClassMap classMap, Release release, Duration queued, Duration inference, int batchSize) {}
