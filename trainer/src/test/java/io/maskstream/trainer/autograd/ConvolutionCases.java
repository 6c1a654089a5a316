package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;

/// Convolutions, plain and transposed, and products of matrices.
final class ConvolutionCases {

  private ConvolutionCases() {}

  static void add(OperatorCases cases) {
    conv(cases, "convolution", 7, 5).set("pads", 1, 1, 1, 1);
    conv(cases, "convolution without pads", 7, 5);
    conv(cases, "convolution with stride", 7, 6).set("strides", 2, 2).set("pads", 1, 1, 1, 1);
    conv(cases, "convolution with unequal pads", 6, 5).set("pads", 0, 1, 2, 1);
    conv(cases, "convolution with dilation", 9, 8).set("dilations", 2, 3).set("pads", 2, 3, 2, 3);
    conv(cases, "convolution padded to SAME_UPPER", 8, 7)
        .set("auto_pad", "SAME_UPPER")
        .set("strides", 2, 3);
    conv(cases, "convolution padded to SAME_LOWER", 8, 7)
        .set("auto_pad", "SAME_LOWER")
        .set("strides", 2, 2);
    conv(cases, "convolution with auto_pad VALID", 6, 7).set("auto_pad", "VALID");
    cases.add(
        "convolution in groups",
        c -> c.x(2, 4, 5, 5).learned("w", 6, 2, 3, 3).node("Conv", "x", "w").set("group", 2));
    cases.add(
        "convolution of each channel",
        c ->
            c.x(1, 3, 5, 6)
                .learned("w", 3, 1, 3, 3)
                .learned("b", 3)
                .node("Conv", "x", "w", "b")
                .set("group", 3)
                .set("pads", 1, 1, 1, 1));
    cases.add(
        "convolution in one dimension",
        c -> c.x(2, 3, 9).learned("w", 2, 3, 3).node("Conv", "x", "w").set("pads", 2, 1));
    cases.add(
        "convolution in three dimensions",
        c -> c.x(1, 2, 4, 4, 3).learned("w", 2, 2, 2, 2, 2).node("Conv", "x", "w"));

    deconv(cases, "transposed convolution", 3, 4).set("strides", 2, 2).set("pads", 1, 1, 1, 1);
    deconv(cases, "transposed convolution with unequal pads", 4, 3)
        .set("strides", 2, 2)
        .set("pads", 0, 1, 1, 0);
    deconv(cases, "transposed convolution with output_padding", 3, 3)
        .set("strides", 2, 3)
        .set("output_padding", 1, 2);
    deconv(cases, "transposed convolution with output_shape", 3, 4)
        .set("strides", 2, 2)
        .set("output_shape", 6, 7);
    deconv(cases, "transposed convolution to SAME_UPPER", 3, 4)
        .set("strides", 2, 2)
        .set("auto_pad", "SAME_UPPER");
    deconv(cases, "transposed convolution to SAME_LOWER", 3, 4)
        .set("strides", 2, 2)
        .set("auto_pad", "SAME_LOWER");
    deconv(cases, "transposed convolution with dilation", 3, 3).set("dilations", 2, 2);
    cases.add(
        "transposed convolution of each channel",
        c ->
            c.x(1, 3, 4, 3)
                .learned("w", 3, 1, 4, 4)
                .node("ConvTranspose", "x", "w")
                .set("group", 3)
                .set("strides", 2, 2)
                .set("pads", 1, 1, 1, 1));
    cases.add(
        "transposed convolution in one dimension",
        c ->
            c.x(1, 2, 5)
                .learned("w", 2, 3, 3)
                .node("ConvTranspose", "x", "w")
                .set("strides", new long[] {2}));
    cases.add(
        "transposed convolution in three dimensions",
        c -> c.x(1, 2, 2, 3, 2).learned("w", 2, 1, 2, 2, 2).node("ConvTranspose", "x", "w"));

    cases.add("matrix product", c -> c.x(3, 4).learned("w", 4, 2).node("MatMul", "x", "w"));
    cases.add(
        "matrix product in batches",
        c -> c.x(2, 3, 4).learned("w", 2, 4, 2).node("MatMul", "x", "w"));
    cases.add(
        "Gemm",
        c ->
            c.x(2, 3)
                .learned("w", 4, 3)
                .learned("b", 4)
                .node("Gemm", "x", "w", "b")
                .set("transB", 1));
    cases.add(
        "Gemm with factors",
        c ->
            c.x(3, 2)
                .learned("w", 3, 4)
                .learned("b", 2, 1)
                .node("Gemm", "x", "w", "b")
                .set("transA", 1)
                .set("alpha", 0.5f)
                .set("beta", 2f));
    cases.add("Gemm without bias", c -> c.x(2, 3).learned("w", 3, 4).node("Gemm", "x", "w"));
    cases.add(
        "Einsum",
        c ->
            c.x(2, 3, 4)
                .learned("w", 2, 4, 3)
                .node("Einsum", "x", "w")
                .set("equation", "bij, bjk -> bik"));
  }

  private static OnnxNode conv(OperatorCases cases, String name, long height, long width) {
    return with(cases, name, "Conv", new long[] {3, 2, 3, 2}, height, width);
  }

  private static OnnxNode deconv(OperatorCases cases, String name, long height, long width) {
    return with(cases, name, "ConvTranspose", new long[] {2, 3, 3, 4}, height, width);
  }

  private static OnnxNode with(
      OperatorCases cases, String name, String operator, long[] weight, long height, long width) {
    OnnxNode[] node = new OnnxNode[1];
    cases.add(
        name,
        c ->
            node[0] =
                c.x(2, 2, height, width)
                    .learned("w", weight)
                    .learned("b", 3)
                    .node(operator, "x", "w", "b"));
    return node[0];
  }
}
