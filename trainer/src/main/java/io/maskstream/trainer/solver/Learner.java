package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.Parameter;
import org.bytedeco.pytorch.Tensor;

/// A parameter that learns.
///
/// @param parameter owned by its graph
/// @param rate factor on the learning rate, above 0
/// @param decays whether weight decay pulls it to 0
record Learner(Parameter parameter, double rate, boolean decays) {

  Tensor tensor() {
    return parameter.tensor();
  }

  String name() {
    return parameter.name();
  }
}
