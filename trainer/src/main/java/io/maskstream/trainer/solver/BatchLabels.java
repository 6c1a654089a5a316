package io.maskstream.trainer.solver;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// What the pixels of a batch are, as tensors of the scope they were made in.
///
/// @param classes int64 [N,H,W]; 255 = ignore
/// @param further the same by another list of classes, by the name of the output that tells them
record BatchLabels(Tensor classes, Map<String, Tensor> further) {

  BatchLabels {
    further = Map.copyOf(further);
  }
}
