package io.maskstream.inference;

import java.util.Arrays;
import java.util.Locale;

/// What ONNX Runtime computes with.
public enum Provider {
  /// The GPU where there is one, else the processor, with one warning.
  AUTO,
  CPU,
  CUDA;

  /// Reads a configured name.
  public static Provider of(String name) {
    return Arrays.stream(values())
        .filter(provider -> provider.toString().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("provider is not auto, cpu or cuda: " + name));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
