/// Cameras, files and generated scenes to access units on Kafka. Knows FFmpeg's avformat, which
/// finds pictures in a source; decodes nothing.
@NullMarked
package io.maskstream.camera;

import org.jspecify.annotations.NullMarked;
