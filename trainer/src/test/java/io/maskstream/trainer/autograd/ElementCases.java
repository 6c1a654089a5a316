package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxType;

/// Element by element: arithmetic, nonlinearities, comparisons.
final class ElementCases {

  private ElementCases() {}

  static void add(OperatorCases cases) {
    for (String operator : new String[] {"Add", "Sub", "Mul", "Max", "Min", "Sum", "Mean"}) {
      cases.add(operator, c -> c.x(2, 3, 4).learned("b", 2, 3, 4).node(operator, "x", "b"));
      cases.add(
          operator + ", broadcast", c -> c.x(2, 3, 4).learned("b", 3, 1).node(operator, "x", "b"));
    }
    cases.add(
        "Sum of three",
        c -> c.x(2, 3).learned("a", 2, 3).learned("b", 3).node("Sum", "x", "a", "b"));
    cases.add(
        "Mean of three",
        c -> c.x(2, 3).learned("a", 2, 3).learned("b", 3).node("Mean", "x", "a", "b"));
    cases.add("Div", c -> c.x(2, 5).between("b", 0.5, 2, 2, 5).node("Div", "x", "b"));
    cases.add(
        "Div of integers",
        c ->
            c.longs("x", -7, 7, -6, 5)
                .longs("b", 2, -2, 4, 3)
                .gives(OnnxType.INT64)
                .node("Div", "x", "b"));
    cases.add(
        "Mod",
        c ->
            c.longs("x", -7, 7, -6, 5)
                .longs("b", 3, 3, 4, -3)
                .gives(OnnxType.INT64)
                .node("Mod", "x", "b"));
    cases.add(
        "Mod with fmod",
        c -> c.x(2, 5).given("b", new long[] {1}, 0.75f).node("Mod", "x", "b").set("fmod", 1));
    cases.add("Pow", c -> c.between("x", 0.3, 2, 2, 5).learned("b", 2, 5).node("Pow", "x", "b"));
    cases.add("Pow of two", c -> c.x(2, 5).number("b", 2).node("Pow", "x", "b"));

    for (String operator :
        new String[] {
          "Abs",
          "Neg",
          "Exp",
          "Sin",
          "Cos",
          "Erf",
          "Relu",
          "Sigmoid",
          "Tanh",
          "Softplus",
          "Softsign",
          "LeakyRelu",
          "ThresholdedRelu",
          "Elu",
          "Celu",
          "Selu",
          "HardSigmoid",
          "Softmax",
          "LogSoftmax",
          "Identity"
        }) {
      cases.add(operator, c -> c.spread("x", 2.0, 3, 7).node(operator, "x"));
    }
    for (String operator : new String[] {"Sqrt", "Log", "Reciprocal"}) {
      cases.add(operator, c -> c.between("x", 0.4, 3, 3, 5).node(operator, "x"));
    }
    for (String operator : new String[] {"Sign", "Floor", "Ceil"}) {
      cases.add(operator, c -> c.spread("x", 3.0, 3, 5).flat().node(operator, "x"));
    }
    cases.add(
        "Round of halves",
        c ->
            c.given("x", new long[] {6}, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 0.3f)
                .flat()
                .node("Round", "x"));
    cases.add("HardSwish", c -> c.spread("x", 3.0, 3, 7).node("HardSwish", "x"));
    cases.add("Mish", c -> c.spread("x", 2.0, 3, 7).opset(18).node("Mish", "x"));
    cases.add("Gelu", c -> c.spread("x", 2.0, 3, 7).opset(20).node("Gelu", "x"));
    cases.add(
        "Gelu by tanh",
        c -> c.spread("x", 2.0, 3, 7).opset(20).node("Gelu", "x").set("approximate", "tanh"));
    cases.add(
        "HardSigmoid of MobileNetV3",
        c -> c.spread("x", 3.0, 3, 7).node("HardSigmoid", "x").set("alpha", 1 / 6f));
    cases.add("LeakyRelu with slope", c -> c.x(3, 7).node("LeakyRelu", "x").set("alpha", 0.3f));
    cases.add("Elu with alpha", c -> c.x(3, 7).node("Elu", "x").set("alpha", 0.7f));
    cases.add("Celu with alpha", c -> c.x(3, 7).node("Celu", "x").set("alpha", 0.7f));
    cases.add("PRelu", c -> c.x(2, 3, 4, 5).learned("b", 3, 1, 1).node("PRelu", "x", "b"));
    cases.add("PRelu with one slope", c -> c.x(2, 3, 4).learned("b", 1).node("PRelu", "x", "b"));
    cases.add("Softmax of channels", c -> c.x(2, 5, 3, 4).node("Softmax", "x").set("axis", 1));
    cases.add(
        "LogSoftmax of channels", c -> c.x(2, 5, 3, 4).node("LogSoftmax", "x").set("axis", 1));
    cases.add(
        "Clip", c -> c.x(3, 7).number("a", -0.5).number("b", 0.8).node("Clip", "x", "a", "b"));
    cases.add("Clip from below", c -> c.x(3, 7).number("a", -0.2).node("Clip", "x", "a"));
    cases.add("Clip from above", c -> c.x(3, 7).number("b", 0.3).node("Clip", "x", "", "b"));
    cases.add("Clip of nothing", c -> c.x(3, 7).node("Clip", "x"));

    for (String operator :
        new String[] {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"}) {
      cases.add(
          operator,
          c ->
              c.given("x", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
                  .given("b", new long[] {2, 3}, 2, 2, 2, 4, 6, 5)
                  .gives(OnnxType.BOOL)
                  .node(operator, "x", "b"));
    }
    for (String operator : new String[] {"And", "Or", "Xor"}) {
      cases.add(
          operator,
          c -> {
            c.x(4, 5).learned("b", 4, 5).number("zero", 0).gives(OnnxType.BOOL);
            c.inner("left", "Greater", "x", "zero");
            c.inner("right", "Greater", "b", "zero");
            c.node(operator, "left", "right");
          });
    }
    cases.add(
        "Not",
        c -> {
          c.x(4, 5).number("zero", 0).gives(OnnxType.BOOL).inner("left", "Greater", "x", "zero");
          c.node("Not", "left");
        });
    cases.add(
        "Where",
        c -> {
          c.x(3, 4).learned("b", 4).number("zero", 0.1).inner("chosen", "Greater", "x", "zero");
          c.node("Where", "chosen", "x", "b");
        });
  }
}
