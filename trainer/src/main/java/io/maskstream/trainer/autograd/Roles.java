package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which constants of a graph are parameters, by the operator and input they go to.
///
/// What only scales and shifts pictures, clips, or says how large something is, has no role and
/// stays as it is.
final class Roles {

  private static final Set<String> WEIGHTED = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
  private static final Set<String> NORMALIZING =
      Set.of(
          "BatchNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "GroupNormalization");

  /// Exporters share one array between layers through Identity, and lay matrices out by Reshape and
  /// Transpose.
  private static final Set<String> HANDING_ON =
      Set.of("Identity", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten");

  private Roles() {}

  static Map<String, Role> of(OnnxGraph graph) {
    Map<String, String> constantOf = new HashMap<>();
    for (OnnxTensor initializer : graph.initializers()) {
      if (initializer.type().isFloat()) {
        constantOf.put(initializer.name(), initializer.name());
      }
    }
    Set<String> products = new HashSet<>();
    Map<String, Role> roles = new LinkedHashMap<>();
    for (OnnxNode node : graph.nodes()) {
      if (HANDING_ON.contains(node.operator()) && constantOf.containsKey(node.input(0))) {
        constantOf.put(node.output(), constantOf.get(node.input(0)));
      }
      if (WEIGHTED.contains(node.operator())) {
        products.add(node.output());
      }
      boolean afterProduct = node.inputs().stream().anyMatch(products::contains);
      for (int i = 0; i < node.inputs().size(); i++) {
        String constant = constantOf.get(node.input(i));
        Role role = constant == null ? null : role(node, i, afterProduct);
        if (role != null) {
          roles.putIfAbsent(constant, role);
        }
      }
    }
    return roles;
  }

  private static @Nullable Role role(OnnxNode node, int input, boolean afterProduct) {
    String operator = node.operator();
    if (WEIGHTED.contains(operator)) {
      return input == 2 ? Role.BIAS : Role.WEIGHT;
    }
    if (NORMALIZING.contains(operator)) {
      return input <= 2 ? Role.NORM : Role.BUFFER;
    }
    if (operator.equals("PRelu")) {
      return Role.NORM;
    }
    return operator.equals("Add") && afterProduct ? Role.BIAS : null;
  }
}
