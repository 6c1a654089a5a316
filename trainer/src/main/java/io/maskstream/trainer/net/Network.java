package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.video.Size;

/// A published network that can be built.
///
/// @param name as published
/// @param description what it is, in a line
/// @param classes that it was published for
/// @param size of the pictures that its work is stated for
public record Network(String name, String description, int classes, Size size, Builder builder) {

  /// Writes a graph.
  interface Builder {
    OnnxModel build(Wish wish);
  }

  /// Builds the trainable graph with random weights; always the same.
  public OnnxModel build(int classes) {
    return build(Wish.of(classes));
  }

  /// Builds the trainable graph.
  public OnnxModel build(Wish wish) {
    return builder.build(wish);
  }
}
