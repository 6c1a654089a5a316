/// ONNX graphs one can read, change and write.
@NullMarked
package io.maskstream.onnx;

import org.jspecify.annotations.NullMarked;
