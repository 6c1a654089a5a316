package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Initializers as tensors.
final class Constants {

  /// Larger ones are not arguments of operators but arrays to compute with.
  private static final int FEW = 1024;

  private Constants() {}

  /// Makes an initializer of every Constant node, so that there is one kind of constant.
  static void hoist(OnnxGraph graph) {
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      if (node.operator().equals("Constant") && node.domain().isEmpty()) {
        graph.add(value(node).withName(node.output()));
        graph.remove(node);
      }
    }
  }

  private static OnnxTensor value(OnnxNode node) {
    if (node.has("value_float")) {
      return OnnxTensor.ofFloats("", new long[0], node.number("value_float", 0));
    }
    if (node.has("value_int")) {
      return OnnxTensor.ofLongs("", new long[0], node.integer("value_int", 0));
    }
    if (node.has("value_floats")) {
      float[] values = node.numbers("value_floats").orElseThrow();
      return OnnxTensor.ofFloats("", new long[] {values.length}, values);
    }
    if (node.has("value_ints")) {
      return OnnxTensor.ofVector("", node.integers("value_ints").orElseThrow());
    }
    return node.tensor("value")
        .orElseThrow(() -> Operators.refusal(node, "a constant of text or of few elements"));
  }

  /// @param real what float32 becomes
  static Tensor tensor(OnnxTensor constant, ScalarType real, Placement placement) {
    return switch (constant.type()) {
      case FLOAT, DOUBLE -> {
        Tensor tensor = HostArrays.of(constant.floatBuffer(), constant.shape());
        boolean toDouble = real == ScalarType.Double || constant.type() == OnnxType.DOUBLE;
        yield placement.place(toDouble ? tensor.to(ScalarType.Double) : tensor);
      }
      case BOOL -> longs(constant).to(ScalarType.Bool);
      case INT64 -> longs(constant);
      case INT32 -> longs(constant).to(ScalarType.Int);
      case UINT8 -> longs(constant).to(ScalarType.Byte);
      case INT8 -> longs(constant).to(ScalarType.Char);
      case INT16 -> longs(constant).to(ScalarType.Short);
      case FLOAT16, UINT16, UINT32, UINT64, STRING, UNDEFINED, OTHER ->
          throw new OnnxException(
              "constant " + constant + " is of a type that cannot be trained; export in float32");
    };
  }

  private static Tensor longs(OnnxTensor constant) {
    return HostArrays.of(constant.longs(), constant.shape());
  }

  static double @Nullable [] known(OnnxTensor constant) {
    if (constant.size() > FEW) {
      return null;
    }
    return constant.type().isFloat()
        ? HostArrays.numbers(constant.floats())
        : HostArrays.numbers(constant.longs());
  }
}
