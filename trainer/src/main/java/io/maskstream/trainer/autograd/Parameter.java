package io.maskstream.trainer.autograd;

import org.bytedeco.pytorch.Tensor;

/// An array of a graph that training changes.
///
/// @param name of the initializer
/// @param tensor float32 on the graph's device; the graph owns it, nobody else closes it
public record Parameter(String name, Role role, Tensor tensor) {}
