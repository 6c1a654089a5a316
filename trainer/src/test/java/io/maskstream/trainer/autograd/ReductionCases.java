package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;

/// Reductions along axes given as attribute, as input, and not at all.
final class ReductionCases {

  private static final String[] OPERATORS = {
    "ReduceSum",
    "ReduceMean",
    "ReduceMax",
    "ReduceMin",
    "ReduceProd",
    "ReduceL1",
    "ReduceL2",
    "ReduceSumSquare",
    "ReduceLogSum",
    "ReduceLogSumExp"
  };

  private ReductionCases() {}

  static void add(OperatorCases cases) {
    for (String operator : OPERATORS) {
      cases.add(
          operator,
          c ->
              c.between("x", 0.4, 2, 2, 3, 4)
                  .longs("a", 0, -1)
                  .opset(18)
                  .node(operator, "x", "a")
                  .set("keepdims", 0));
      cases.add(
          operator + " of everything",
          c -> c.between("x", 0.4, 2, 2, 3).opset(18).node(operator, "x"));
      if (!operator.equals("ReduceSum")) {
        cases.add(
            operator + " by attribute",
            c -> c.between("x", 0.4, 2, 2, 3, 4).node(operator, "x").set("axes", 1, 2));
      }
    }
    cases.add(
        "ReduceSum of nothing",
        c -> c.x(2, 3).node("ReduceSum", "x").set("noop_with_empty_axes", 1));
    for (String operator : new String[] {"ArgMax", "ArgMin"}) {
      cases.add(operator, c -> winner(c, operator));
      cases.add(operator + " without the axis", c -> winner(c, operator).set("keepdims", 0));
      cases.add(
          operator + ", the last of equals", c -> winner(c, operator).set("select_last_index", 1));
    }
  }

  private static OnnxNode winner(OperatorCase c, String operator) {
    return c.given("x", new long[] {2, 4}, 1, 3, 3, 1, 5, 4, 4, 5)
        .gives(OnnxType.INT64)
        .node(operator, "x")
        .set("axis", 1);
  }
}
