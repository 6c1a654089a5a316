package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;

/// Resize in its modes.
final class ResizeCases {

  private static final String[] MODES = {"nearest", "linear", "cubic"};
  private static final String[] COORDINATES = {
    "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"
  };

  private ResizeCases() {}

  static void add(OperatorCases cases) {
    for (String mode : MODES) {
      for (String coordinates : COORDINATES) {
        String name = "Resize " + mode + " " + coordinates;
        cases.add(name + " to sizes", c -> bySizes(c, 8, 9, mode, coordinates));
        cases.add(name + " to smaller sizes", c -> bySizes(c, 3, 2, mode, coordinates));
        cases.add(name + " by scales", c -> byScales(c, 2.6f, 1.7f, mode, coordinates));
        cases.add(name + " twofold", c -> byScales(c, 2, 2, mode, coordinates));
      }
    }
    for (String rounding :
        new String[] {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"}) {
      for (String coordinates : new String[] {"half_pixel", "asymmetric"}) {
        cases.add(
            "Resize nearest " + coordinates + " " + rounding,
            c -> bySizes(c, 7, 10, "nearest", coordinates).set("nearest_mode", rounding));
      }
    }
    cases.add(
        "Resize nearest tf_half_pixel_for_nn",
        c -> bySizes(c, 7, 10, "nearest", "tf_half_pixel_for_nn").set("nearest_mode", "floor"));
    cases.add("Resize linear to one row", c -> bySizes(c, 1, 9, "linear", "pytorch_half_pixel"));
    cases.add(
        "Resize cubic without the outside",
        c ->
            bySizes(c, 9, 11, "cubic", "half_pixel")
                .set("exclude_outside", 1)
                .set("cubic_coeff_a", -0.5f));
    cases.add(
        "Resize of some axes",
        c ->
            c.x(1, 2, 4, 5)
                .longs("s", 7, 9)
                .opset(18)
                .node("Resize", "x", "", "", "s")
                .set("mode", "linear")
                .set("axes", 2, 3));
    cases.add(
        "Resize of rows that lie last",
        c ->
            c.x(1, 4, 5, 2)
                .given("s", new long[] {4}, 1, 2, 2, 1)
                .node("Resize", "x", "", "s")
                .set("mode", "linear"));
  }

  private static OnnxNode bySizes(
      OperatorCase c, long height, long width, String mode, String coordinates) {
    return c.x(1, 2, 4, 5)
        .longs("s", 1, 2, height, width)
        .opset(19)
        .node("Resize", "x", "", "", "s")
        .set("mode", mode)
        .set("coordinate_transformation_mode", coordinates);
  }

  private static OnnxNode byScales(
      OperatorCase c, float vertical, float horizontal, String mode, String coordinates) {
    return c.x(1, 2, 4, 5)
        .given("s", new long[] {4}, 1, 1, vertical, horizontal)
        .opset(19)
        .node("Resize", "x", "", "s")
        .set("mode", mode)
        .set("coordinate_transformation_mode", coordinates);
  }
}
