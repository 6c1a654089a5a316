/// Cameras and files to access units on Kafka, without decoding. Knows FFmpeg's containers.
@NullMarked
package io.maskstream.camera;

import org.jspecify.annotations.NullMarked;
