package io.maskstream.trainer.autograd;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Element by element, with broadcasting; comparisons and logic.
final class Arithmetic {

  /// Lives as long as the program: libtorch is handed a view of it, not a copy.
  private static final BytePointer TOWARDS_ZERO = lasting("trunc");

  private Arithmetic() {}

  private static BytePointer lasting(String text) {
    try (PointerScope scope = new PointerScope()) {
      BytePointer bytes = new BytePointer(text);
      bytes.retainReference();
      return bytes;
    }
  }

  static void register(Operators operators) {
    operators.variadic("Sum", (x, y) -> x.add(y));
    operators.variadic("Max", torch::maximum);
    operators.variadic("Min", torch::minimum);
    operators.one("Mean", _ -> Arithmetic::mean);

    operators.binary("Add", (x, y) -> x.add(y));
    operators.binary("Sub", (x, y) -> x.sub(y));
    operators.binary("Mul", (x, y) -> x.mul(y));
    operators.binary("Div", Arithmetic::divide);
    operators.one(
        "Mod",
        node -> {
          boolean signOfDividend = node.integer("fmod", 0) == 1;
          return call ->
              signOfDividend
                  ? torch.fmod(call.tensor(0), call.tensor(1))
                  : torch.remainder(call.tensor(0), call.tensor(1));
        });
    operators.one("Pow", _ -> Arithmetic::power);

    operators.unary("Abs", torch::abs);
    operators.unary("Neg", torch::neg);
    operators.unary("Sign", torch::sign);
    operators.unary("Sqrt", torch::sqrt);
    operators.unary("Reciprocal", torch::reciprocal);
    operators.unary("Exp", torch::exp);
    operators.unary("Log", torch::log);
    operators.unary("Sin", torch::sin);
    operators.unary("Cos", torch::cos);
    operators.unary("Erf", torch::erf);
    operators.unary("Floor", torch::floor);
    operators.unary("Ceil", torch::ceil);
    // To the nearest, halves to even, as ONNX wants it.
    operators.unary("Round", torch::round);
    operators.one("Clip", _ -> Arithmetic::clip);

    operators.binary("Equal", torch::eq);
    operators.binary("Less", torch::lt);
    operators.binary("LessOrEqual", torch::le);
    operators.binary("Greater", torch::gt);
    operators.binary("GreaterOrEqual", torch::ge);
    operators.binary("And", torch::logical_and);
    operators.binary("Or", torch::logical_or);
    operators.binary("Xor", torch::logical_xor);
    operators.unary("Not", torch::logical_not);
    operators.one(
        "Where",
        _ ->
            call ->
                torch.where(call.tensor(0).to(ScalarType.Bool), call.tensor(1), call.tensor(2)));
  }

  private static Tensor mean(Call call) {
    Tensor sum = call.tensor(0);
    for (int i = 1; i < call.count(); i++) {
      sum = sum.add(call.tensor(i));
    }
    return sum.div(new Scalar((double) call.count()));
  }

  /// Integers are divided towards zero.
  private static Tensor divide(Tensor x, Tensor y) {
    return torch.isFloatingType(x.scalar_type())
        ? x.div(y)
        : x.div(y, new StringViewOptional(TOWARDS_ZERO));
  }

  /// A constant exponent goes in as a number: faster, and no logarithm of a negative base.
  private static Tensor power(Call call) {
    boolean constant = call.value(1) instanceof Value.Constant known && known.known() != null;
    return constant && call.tensor(1).numel() == 1
        ? torch.pow(call.tensor(0), call.scalar(1)).to(call.tensor(0).scalar_type())
        : torch.pow(call.tensor(0), call.tensor(1));
  }

  private static Tensor clip(Call call) {
    ScalarOptional low = call.has(1) ? new ScalarOptional(call.scalar(1)) : new ScalarOptional();
    ScalarOptional high = call.has(2) ? new ScalarOptional(call.scalar(2)) : new ScalarOptional();
    Tensor x = call.tensor(0);
    return call.has(1) || call.has(2) ? torch.clamp(x, low, high) : x;
  }
}
