package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.util.List;

/// Shapes, parts and order of tensors, and arithmetic with shapes.
final class ShapeCases {

  private ShapeCases() {}

  static void add(OperatorCases cases) {
    cases.add("Reshape", c -> c.x(2, 3, 4).longs("s", 0, -1, 2).node("Reshape", "x", "s"));
    cases.add("Flatten", c -> c.x(2, 3, 4).node("Flatten", "x"));
    cases.add("Flatten from the end", c -> c.x(2, 3, 4).node("Flatten", "x").set("axis", -1));
    cases.add("Squeeze", c -> c.x(2, 1, 3, 1).longs("a", 1, -1).node("Squeeze", "x", "a"));
    cases.add("Squeeze of all", c -> c.x(2, 1, 3, 1).node("Squeeze", "x"));
    cases.add("Unsqueeze", c -> c.x(2, 3).longs("a", -1, 1).node("Unsqueeze", "x", "a"));
    cases.add("Transpose", c -> c.x(2, 3, 4, 5).node("Transpose", "x").set("perm", 0, 3, 1, 2));
    cases.add("Transpose without perm", c -> c.x(2, 3, 4).node("Transpose", "x"));
    cases.add("Expand", c -> c.x(3, 1).longs("s", 2, 1, 4).node("Expand", "x", "s"));
    cases.add("Tile", c -> c.x(2, 3).longs("r", 2, 3).node("Tile", "x", "r"));
    cases.add(
        "Concat",
        c -> c.x(2, 3, 2).learned("b", 2, 1, 2).node("Concat", "x", "b", "x").set("axis", -2));
    cases.add(
        "Split",
        c -> {
          c.x(2, 7).longs("s", 2, 4, 1);
          c.add(new OnnxNode("Split", List.of("x", "s"), List.of("p", "y", "q")).set("axis", 1));
        });
    cases.add(
        "Split into equal parts",
        c -> {
          c.x(2, 6);
          c.add(new OnnxNode("Split", List.of("x"), List.of("p", "y", "q")).set("axis", 1));
        });
    cases.add(
        "Split with a short last part",
        c -> {
          c.x(2, 7).opset(18);
          c.add(
              new OnnxNode("Split", List.of("x"), List.of("p", "q", "y"))
                  .set("axis", 1)
                  .set("num_outputs", 3));
        });
    cases.add(
        "Slice", c -> c.x(4, 6).longs("b", 1, -5).longs("e", 3, 100).node("Slice", "x", "b", "e"));
    cases.add(
        "Slice with steps",
        c ->
            c.x(4, 7)
                .longs("b", 0)
                .longs("e", Long.MAX_VALUE)
                .longs("a", -1)
                .longs("s", 3)
                .node("Slice", "x", "b", "e", "a", "s"));
    cases.add(
        "Slice backwards",
        c ->
            c.x(4, 7)
                .longs("b", -1, 5)
                .longs("e", Long.MIN_VALUE, 1)
                .longs("a", 0, 1)
                .longs("s", -1, -2)
                .node("Slice", "x", "b", "e", "a", "s"));
    cases.add(
        "Gather",
        c ->
            c.x(2, 5, 3)
                .longs("i", new long[] {2, 2}, 0, -1, 3, 3)
                .node("Gather", "x", "i")
                .set("axis", 1));
    cases.add("Gather of one", c -> c.x(4, 3).longs("i", new long[0], -2).node("Gather", "x", "i"));
    cases.add(
        "GatherElements",
        c ->
            c.x(3, 4)
                .longs("i", new long[] {3, 2}, 0, -1, 3, 3, 1, 0)
                .node("GatherElements", "x", "i")
                .set("axis", 1));
    cases.add("Pad", c -> c.x(1, 2, 3, 4).longs("p", 0, 0, 1, 0, 0, 0, 2, 3).node("Pad", "x", "p"));
    cases.add(
        "Pad with a value",
        c -> c.x(2, 3).longs("p", 1, 0, 0, 2).number("v", 1.5).node("Pad", "x", "p", "v"));
    cases.add("Pad that cuts", c -> c.x(4, 5).longs("p", -1, 0, 0, -2).node("Pad", "x", "p"));
    cases.add(
        "Pad of some axes",
        c ->
            c.x(2, 3, 4)
                .longs("p", 1, 2, 0, 1)
                .longs("a", -1, 0)
                .opset(18)
                .node("Pad", "x", "p", "", "a"));
    for (String mode : new String[] {"reflect", "edge"}) {
      cases.add(
          "Pad by " + mode,
          c ->
              c.x(1, 2, 4, 5)
                  .longs("p", 0, 0, 1, 2, 0, 0, 3, 1)
                  .node("Pad", "x", "p")
                  .set("mode", mode));
    }
    cases.add(
        "Pad by wrap",
        c ->
            c.x(1, 2, 4, 5)
                .longs("p", 0, 0, 1, 2, 0, 0, 3, 1)
                .opset(19)
                .node("Pad", "x", "p")
                .set("mode", "wrap"));
    for (String mode : new String[] {"DCR", "CRD"}) {
      cases.add(
          "DepthToSpace " + mode,
          c -> c.x(2, 8, 3, 2).node("DepthToSpace", "x").set("blocksize", 2).set("mode", mode));
    }
    cases.add("SpaceToDepth", c -> c.x(2, 3, 4, 6).node("SpaceToDepth", "x").set("blocksize", 2));

    cases.add(
        "Cast to integer",
        c -> c.spread("x", 5.0, 3, 4).gives(OnnxType.INT64).node("Cast", "x").set("to", 7));
    cases.add("Cast to float", c -> c.x(3, 4).node("Cast", "x").set("to", 1));
    cases.add(
        "CastLike",
        c ->
            c.spread("x", 5.0, 3, 4)
                .longs("l", 1)
                .gives(OnnxType.INT64)
                .node("CastLike", "x", "l"));
    cases.add("Shape", c -> c.x(2, 3, 5).gives(OnnxType.INT64).node("Shape", "x"));
    cases.add(
        "Shape of some axes",
        c ->
            c.x(2, 3, 5, 7)
                .gives(OnnxType.INT64)
                .node("Shape", "x")
                .set("start", -3)
                .set("end", -1));
    cases.add("Size", c -> c.x(2, 3, 5).gives(OnnxType.INT64).node("Size", "x"));
    cases.add(
        "Range",
        c ->
            c.longs("x", new long[0], 3)
                .longs("e", new long[0], 14)
                .longs("s", new long[0], 4)
                .gives(OnnxType.INT64)
                .node("Range", "x", "e", "s"));
    cases.add(
        "Range downwards",
        c ->
            c.given("x", new long[0], 2)
                .number("e", -1)
                .number("s", -0.5)
                .flat()
                .node("Range", "x", "e", "s"));
    cases.add(
        "ConstantOfShape",
        c ->
            c.longs("x", 2, 3)
                .gives(OnnxType.INT64)
                .node("ConstantOfShape", "x")
                .set("value", OnnxTensor.ofVector("", 7)));
    cases.add(
        "ConstantOfShape of nothing said",
        c -> c.longs("x", 2, 3).flat().node("ConstantOfShape", "x"));
    cases.add("arithmetic with the shape", ShapeCases::shuffle);
  }

  /// As ShuffleNet is exported: sizes are read, computed with, and put together again.
  private static void shuffle(OperatorCase c) {
    c.x(2, 6, 3, 4).longs("one", 1).longs("two", 2).longs("i", new long[0], 1);
    c.longs("rest", 3, 4).longs("n", 2);
    c.inner("shape", "Shape", "x");
    c.inner("channels", "Gather", "shape", "i");
    c.inner("half", "Div", "channels", "two");
    c.inner("grouped", "Concat", "n", "two", "half", "rest").set("axis", 0);
    c.inner("split", "Reshape", "x", "grouped");
    c.inner("turned", "Transpose", "split").set("perm", 0, 2, 1, 3, 4);
    c.node("Reshape", "turned", "shape");
  }
}
