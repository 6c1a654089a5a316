package io.maskstream.wire;

import java.util.HexFormat;

/// Names an immutable model.
///
/// @param name the name it was released under
/// @param version its version, unique under the name
/// @param sha256 SHA-256 of the .onnx file, in lower-case hexadecimal
public record Release(String name, String version, String sha256) {

  public Release {
    if (HexFormat.of().parseHex(sha256).length != 32) {
      throw new IllegalArgumentException("sha256 is not 64 hexadecimal digits: " + sha256);
    }
  }

  @Override
  public String toString() {
    return name + "-" + version;
  }
}
