package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a reader can act on when a node could not run.
final class Failures {

  private Failures() {}

  /// Node, shapes, and the first line of libtorch's text; the rest are its C++ frames.
  static String describe(OnnxNode node, List<@Nullable Value> operands, RuntimeException e) {
    String shapes =
        operands.stream()
            .map(value ->
                value == null ? "-" : Arrays.toString(value.tensor().shape()).replace(" ", ""))
            .collect(Collectors.joining(" "));
    String text = Objects.requireNonNullElse(e.getMessage(), e.toString());
    return node + " does not run on shapes " + shapes + ": " + text.lines().findFirst().orElse("");
  }
}
