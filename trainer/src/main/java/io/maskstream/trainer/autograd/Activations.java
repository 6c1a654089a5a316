package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Nonlinearities, and dropout, which is one while training.
final class Activations {

  private Activations() {}

  static void register(Operators operators) {
    operators.unary("Relu", torch::relu);
    operators.unary("Sigmoid", torch::sigmoid);
    operators.unary("Tanh", torch::tanh);
    operators.unary("HardSwish", torch::hardswish);
    operators.unary("Softplus", torch::softplus);
    operators.unary("Mish", torch::mish);
    operators.unary("Softsign", x -> x.div(torch.abs(x).add(new Scalar(1.0))));
    operators.one("LeakyRelu", Activations::leakyRelu);
    operators.one("PRelu", _ -> Activations::slopedRelu);
    operators.one("ThresholdedRelu", Activations::thresholdedRelu);
    operators.one("Elu", Activations::elu);
    operators.one(
        "Celu",
        node -> {
          float alpha = node.number("alpha", 1);
          return call -> torch.celu(call.tensor(0), new Scalar(alpha));
        });
    operators.one("Selu", Activations::selu);
    operators.one("HardSigmoid", Activations::hardSigmoid);
    operators.one(
        "Gelu",
        node -> {
          String approximation = node.text("approximate", "none");
          return call -> torch.gelu(call.tensor(0), approximation);
        });
    operators.one(
        "Softmax",
        node -> {
          long axis = node.integer("axis", -1);
          return call -> torch.softmax(call.tensor(0), axis);
        });
    operators.one(
        "LogSoftmax",
        node -> {
          long axis = node.integer("axis", -1);
          return call -> torch.log_softmax(call.tensor(0), axis);
        });
    operators.one("Dropout", Activations::dropout);
  }

  private static One leakyRelu(OnnxNode node) {
    float slope = node.number("alpha", 0.01f);
    return call -> torch.leaky_relu(call.tensor(0), new Scalar(slope));
  }

  /// The slope has any shape that broadcasts, whereas libtorch's prelu wants a vector.
  private static Tensor slopedRelu(Call call) {
    Tensor x = call.tensor(0);
    Tensor negative = x.clamp_max(new Scalar(0.0));
    return torch.relu(x).add(negative.mul(call.tensor(1)));
  }

  private static One thresholdedRelu(OnnxNode node) {
    float alpha = node.number("alpha", 1);
    return call -> {
      Tensor x = call.tensor(0);
      return x.mul(torch.gt(x, new Scalar(alpha)).to(x.scalar_type()));
    };
  }

  private static One elu(OnnxNode node) {
    float alpha = node.number("alpha", 1);
    return call -> torch.elu(call.tensor(0), new Scalar(alpha), new Scalar(1.0), new Scalar(1.0));
  }

  private static One selu(OnnxNode node) {
    double alpha = node.number("alpha", 1.67326319f);
    double gamma = node.number("gamma", 1.05070102f);
    return call -> torch.elu(call.tensor(0), new Scalar(alpha), new Scalar(gamma), new Scalar(1.0));
  }

  private static One hardSigmoid(OnnxNode node) {
    float alpha = node.number("alpha", 0.2f);
    float beta = node.number("beta", 0.5f);
    return call ->
        torch.clamp(
            call.tensor(0).mul(new Scalar(alpha)).add(new Scalar(beta)),
            new ScalarOptional(new Scalar(0.0)),
            new ScalarOptional(new Scalar(1.0)));
  }

  /// Drops while training, whatever the node's training_mode says: exporters write the graph as it
  /// is released. The numbers come from libtorch's generator of the device, see [TorchGraph#seed].
  private static One dropout(OnnxNode node) {
    if (node.outputs().size() > 1 && !node.outputs().get(1).isEmpty()) {
      throw Operators.refusal(node, "the mask of a dropout");
    }
    return call -> {
      double ratio = call.has(1) ? call.numbers(1)[0] : 0.5;
      Tensor x = call.tensor(0);
      return call.drops() && ratio > 0 && torch.isFloatingType(x.scalar_type())
          ? torch.dropout(x, ratio, true)
          : x;
    };
  }
}
