package io.maskstream.trainer.autograd;

/// Normalizations, batch norm with running and with its own statistics.
final class NormalizationCases {

  private NormalizationCases() {}

  static void add(OperatorCases cases) {
    cases.add("BatchNormalization by running statistics", c -> batch(c).set("epsilon", 1e-3f));
    cases.add(
        "BatchNormalization by the batch's statistics",
        c -> batch(c.mode(Mode.TRAINING)).set("momentum", 0.8f));
    cases.add(
        "InstanceNormalization",
        c ->
            c.x(2, 3, 4, 5)
                .learned("w", 3)
                .learned("b", 3)
                .node("InstanceNormalization", "x", "w", "b"));
    cases.add(
        "LayerNormalization",
        c ->
            c.x(2, 3, 6).learned("w", 6).learned("b", 6).node("LayerNormalization", "x", "w", "b"));
    cases.add(
        "LayerNormalization of two axes",
        c -> c.x(2, 3, 4).learned("w", 3, 4).node("LayerNormalization", "x", "w").set("axis", 1));
    cases.add(
        "GroupNormalization",
        c ->
            c.x(2, 6, 3, 4)
                .learned("w", 6)
                .learned("b", 6)
                .opset(21)
                .node("GroupNormalization", "x", "w", "b")
                .set("num_groups", 3));
    cases.add("LRN", c -> c.x(2, 7, 3, 3).node("LRN", "x").set("size", 5).set("alpha", 0.1f));
    cases.add(
        "LRN by other numbers",
        c ->
            c.x(1, 6, 3, 2)
                .node("LRN", "x")
                .set("size", 3)
                .set("alpha", 0.3f)
                .set("beta", 0.5f)
                .set("bias", 2f));
    cases.add("LpNormalization", c -> c.x(2, 5, 3).node("LpNormalization", "x").set("axis", 1));
  }

  private static io.maskstream.onnx.OnnxNode batch(OperatorCase c) {
    return c.x(2, 3, 4, 3)
        .learned("w", 3)
        .learned("b", 3)
        .given("mean", new long[] {3}, 0.1f, -0.2f, 0.3f)
        .given("var", new long[] {3}, 0.8f, 1.2f, 1.5f)
        .node("BatchNormalization", "x", "w", "b", "mean", "var");
  }
}
