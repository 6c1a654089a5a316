package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Products of matrices.
final class Matrices {

  private Matrices() {}

  static void register(Operators operators) {
    operators.binary("MatMul", torch::matmul);
    operators.one("Gemm", Matrices::gemm);
    operators.one(
        "Einsum",
        node -> {
          String equation = node.text("equation", "").replace(" ", "");
          return call -> {
            Tensor[] operands = new Tensor[call.count()];
            for (int i = 0; i < operands.length; i++) {
              operands[i] = call.tensor(i);
            }
            return torch.einsum(equation, new TensorVector(operands));
          };
        });
  }

  private static One gemm(OnnxNode node) {
    float alpha = node.number("alpha", 1);
    float beta = node.number("beta", 1);
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    return call -> {
      Tensor a = transA ? call.tensor(0).t() : call.tensor(0);
      Tensor b = transB ? call.tensor(1).t() : call.tensor(1);
      Tensor product = torch.matmul(a, b);
      if (alpha != 1) {
        product = product.mul(new Scalar(alpha));
      }
      if (!call.has(2)) {
        return product;
      }
      Tensor c = beta == 1 ? call.tensor(2) : call.tensor(2).mul(new Scalar(beta));
      return product.add(c);
    };
  }
}
