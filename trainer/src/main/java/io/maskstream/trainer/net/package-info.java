/// Networks as ONNX graphs, each readable on one screen.
@NullMarked
package io.maskstream.trainer.net;

import org.jspecify.annotations.NullMarked;
