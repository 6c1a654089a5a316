/// Frames to class maps: micro-batches on ONNX Runtime, which no other package knows.
@NullMarked
package io.maskstream.inference;

import org.jspecify.annotations.NullMarked;
