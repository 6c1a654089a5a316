package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// One node's computation on libtorch, its attributes read. The tensors it makes on the way live in
/// the scope that [TorchGraph] opens around it; it closes nothing.
interface Kernel {

  /// @return one tensor for each output of the node
  List<Tensor> run(Call call);

  /// A kernel with one output.
  interface One extends Kernel {

    Tensor value(Call call);

    @Override
    default List<Tensor> run(Call call) {
      return List.of(value(call));
    }
  }

  /// Reads a node's attributes.
  interface Maker<K extends Kernel> {

    /// @throws io.maskstream.onnx.OnnxException if the node asks for what its operator's kernel
    ///   does not do
    K make(OnnxNode node);
  }
}
