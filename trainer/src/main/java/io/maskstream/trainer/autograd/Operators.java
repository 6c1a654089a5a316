package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.Maker;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/// Every operator of ONNX that has a kernel, as operator sets 13 and later define it.
final class Operators {

  private static final Map<String, Maker<? extends Kernel>> MAKERS = new HashMap<>();

  static {
    Operators operators = new Operators();
    Arithmetic.register(operators);
    Activations.register(operators);
    Convolutions.register(operators);
    Matrices.register(operators);
    Normalizations.register(operators);
    Pooling.register(operators);
    Reductions.register(operators);
    Shapes.register(operators);
    Indexing.register(operators);
    Resizing.register(operators);
  }

  private Operators() {}

  /// The kernel of a node.
  ///
  /// @throws OnnxException naming the node, if there is none
  static Kernel kernel(OnnxNode node, long opset) {
    Maker<? extends Kernel> maker = node.domain().isEmpty() ? MAKERS.get(node.operator()) : null;
    if (maker == null) {
      String domain = node.domain().isEmpty() ? "" : " of " + node.domain();
      throw new OnnxException(
          node
              + (node.name().isEmpty() ? "" : " (node " + node.name() + ")")
              + ": operator "
              + node.operator()
              + domain
              + ", opset "
              + opset
              + ", cannot be trained; "
              + (isQuantized(node.operator())
                  ? "the graph is quantized to integers: export it in float32"
                  : "cut the graph before it, or export it with other operators"));
    }
    return maker.make(node);
  }

  static Set<String> names() {
    return Set.copyOf(MAKERS.keySet());
  }

  private static boolean isQuantized(String operator) {
    return operator.startsWith("QLinear")
        || operator.endsWith("Integer")
        || operator.contains("QuantizeLinear");
  }

  /// What a node asks for and no kernel does.
  static OnnxException refusal(OnnxNode node, String what) {
    return new OnnxException(node + ": " + what + " cannot be trained; export it otherwise");
  }

  void many(String operator, Maker<Kernel> maker) {
    MAKERS.put(operator, maker);
  }

  void one(String operator, Maker<One> maker) {
    MAKERS.put(operator, maker);
  }

  void unary(String operator, UnaryOperator<Tensor> function) {
    one(operator, _ -> call -> function.apply(call.tensor(0)));
  }

  void binary(String operator, BinaryOperator<Tensor> function) {
    one(operator, _ -> call -> function.apply(call.tensor(0), call.tensor(1)));
  }

  /// Any number of operands, from left to right.
  void variadic(String operator, BinaryOperator<Tensor> function) {
    one(
        operator,
        _ ->
            call -> {
              Tensor result = call.tensor(0);
              for (int i = 1; i < call.count(); i++) {
                result = function.apply(result, call.tensor(i));
              }
              return result;
            });
  }
}
