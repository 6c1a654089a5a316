/// Runs ONNX graphs on libtorch with autograd, one kernel for each operator.
@NullMarked
package io.maskstream.trainer.autograd;

import org.jspecify.annotations.NullMarked;
