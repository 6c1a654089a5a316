package io.maskstream.inference;

import java.util.Optional;

/// ONNX Runtime on this machine.
public final class OnnxRuntime {

  private OnnxRuntime() {}

  /// @throws InferenceException if its native library cannot be loaded
  public static String version() {
    return Sessions.environment().getVersion();
  }

  /// Why it cannot compute on the GPU, and what to do about it; empty if it can, as far as that is
  /// known without a graph.
  public static Optional<String> whyNoCuda() {
    try {
      Sessions.requireCuda();
      return Optional.empty();
    } catch (InferenceException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Whether this machine has an NVIDIA GPU with its driver.
  public static boolean driver() {
    return Sessions.driver();
  }
}
