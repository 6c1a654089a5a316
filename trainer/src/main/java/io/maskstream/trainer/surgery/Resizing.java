package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxNode;

/// Bilinear resizing to sides that are computed.
final class Resizing {

  private Resizing() {}

  /// @param sides value with height and width
  static OnnxNode to(Wiring wiring, String name, String value, String sides) {
    String shape = wiring.value("Shape", name + "_shape", value);
    String batch =
        wiring.value(
            "Slice", name + "_batch", shape, wiring.vector("zero", 0), wiring.vector("two", 2));
    OnnxNode sizes = wiring.node("Concat", name + "_sizes", batch, sides);
    sizes.set("axis", 0);
    OnnxNode node = wiring.node("Resize", name, value, "", "", sizes.output());
    node.set("mode", "linear");
    return node;
  }
}
