package io.maskstream.trainer.autograd;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The values of one run by name. It holds one reference to each tensor that the run made and gives
/// it back when told to drop it, or when closed; constants are not its own.
final class Edges implements AutoCloseable {

  private final Map<String, Value.Constant> constants;
  private final Map<String, Value.Edge> made = new HashMap<>();

  Edges(Map<String, Value.Constant> constants) {
    this.constants = constants;
  }

  Value get(String name) {
    Value value = made.get(name);
    value = value == null ? constants.get(name) : value;
    if (value == null) {
      throw new IllegalStateException("nothing made " + name);
    }
    return value;
  }

  void feed(String name, Tensor tensor, Placement placement) {
    try (PointerScope scope = new PointerScope()) {
      hold(name, placement.place(tensor), tensor);
    }
  }

  /// Takes what a node made. A kernel may hand its operand on; that gets a wrapper of its own, so
  /// that each name can be closed for itself.
  void keep(String name, Tensor tensor, List<@Nullable Value> operands) {
    boolean handedOn =
        operands.stream().anyMatch(value -> value != null && value.tensor() == tensor);
    hold(name, tensor, handedOn ? tensor : null);
  }

  private void hold(String name, Tensor tensor, @Nullable Tensor notOurs) {
    Tensor own = tensor == notOurs ? new Tensor(tensor) : tensor;
    own.retainReference();
    made.put(name, new Value.Edge(own));
  }

  void drop(String name) {
    Value.Edge edge = made.remove(name);
    if (edge != null) {
      edge.tensor().releaseReference();
    }
  }

  /// Hands a value to the caller's innermost scope; without one, to the caller alone.
  Tensor give(String name) {
    Tensor given = new Tensor(get(name).tensor());
    drop(name);
    return given;
  }

  @Override
  public void close() {
    made.values().forEach(edge -> edge.tensor().releaseReference());
    made.clear();
  }
}
