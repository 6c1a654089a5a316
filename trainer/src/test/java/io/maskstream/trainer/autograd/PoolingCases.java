package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import java.util.function.Consumer;

/// Pools with every kind of pads.
final class PoolingCases {

  private PoolingCases() {}

  static void add(OperatorCases cases) {
    for (String operator : new String[] {"MaxPool", "AveragePool"}) {
      both(cases, operator, "", 7, 6, _ -> {});
      both(cases, operator, " with stride", 7, 8, node -> node.set("strides", 2, 2));
      both(
          cases,
          operator,
          " with pads",
          7,
          7,
          node -> node.set("strides", 2, 2).set("pads", 1, 1, 1, 1));
      both(
          cases,
          operator,
          " rounded up",
          7,
          8,
          node -> node.set("strides", 2, 2).set("ceil_mode", 1));
      both(
          cases,
          operator,
          " with pads, rounded up",
          6,
          9,
          node -> node.set("strides", 2, 2).set("pads", 1, 1, 1, 1).set("ceil_mode", 1));
      both(
          cases,
          operator,
          " with unequal pads",
          6,
          7,
          node -> node.set("strides", 2, 2).set("pads", 0, 0, 1, 1));
      both(
          cases,
          operator,
          " with unequal pads, rounded up",
          6,
          7,
          node -> node.set("strides", 2, 3).set("pads", 0, 1, 1, 0).set("ceil_mode", 1));
      both(
          cases,
          operator,
          " padded to SAME_UPPER",
          7,
          8,
          node -> node.set("strides", 2, 2).set("auto_pad", "SAME_UPPER"));
      both(
          cases,
          operator,
          " padded to SAME_LOWER",
          7,
          8,
          node -> node.set("strides", 2, 2).set("auto_pad", "SAME_LOWER"));
      cases.add(
          operator + " in one dimension",
          c ->
              c.x(2, 2, 9)
                  .node(operator, "x")
                  .set("kernel_shape", new long[] {3})
                  .set("strides", new long[] {2})
                  .set("pads", 1, 1));
      cases.add(
          operator + " in three dimensions",
          c ->
              c.x(1, 2, 4, 5, 4)
                  .node(operator, "x")
                  .set("kernel_shape", 2, 3, 2)
                  .set("strides", 2, 2, 1));
    }
    both(cases, "MaxPool", " with dilation", 8, 8, node -> node.set("dilations", 2, 2));
    both(
        cases,
        "AveragePool",
        " counting pads",
        7,
        6,
        node -> node.set("strides", 2, 2).set("pads", 1, 1, 1, 1).set("count_include_pad", 1));
    both(
        cases,
        "AveragePool",
        " counting unequal pads",
        7,
        6,
        node -> node.set("strides", 2, 2).set("pads", 1, 0, 0, 1).set("count_include_pad", 1));
    both(
        cases,
        "AveragePool",
        " counting pads, rounded up",
        6,
        7,
        node ->
            node.set("strides", 2, 2)
                .set("pads", 1, 1, 1, 1)
                .set("count_include_pad", 1)
                .set("ceil_mode", 1));
    cases.add("GlobalAveragePool", c -> c.x(2, 3, 5, 4).node("GlobalAveragePool", "x"));
    cases.add("GlobalMaxPool", c -> c.x(2, 3, 5, 4).node("GlobalMaxPool", "x"));
  }

  private static void both(
      OperatorCases cases,
      String operator,
      String how,
      long height,
      long width,
      Consumer<OnnxNode> attributes) {
    cases.add(
        operator + how,
        c ->
            attributes.accept(
                c.x(1, 2, height, width).node(operator, "x").set("kernel_shape", 3, 3)));
  }
}
