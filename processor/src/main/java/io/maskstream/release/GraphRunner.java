package io.maskstream.release;

import java.util.Map;

/// Runs any graph, for packaging to learn shapes from and to verify with. Stands here because
/// packaging must not know the library that runs graphs; inference implements it.
public interface GraphRunner {

  /// Loads a graph.
  ///
  /// @param graph bytes of an ONNX file
  /// @param what names it in errors
  Running open(byte[] graph, String what);

  /// A loaded graph; whoever opened it closes it. Not thread-safe.
  interface Running extends AutoCloseable {

    /// Runs the graph once.
    ///
    /// @return every output by name
    Map<String, Tensor> run(String input, Tensor value);

    @Override
    void close();
  }

  /// An array with a shape, row-major.
  sealed interface Tensor {

    long[] shape();

    /// Numbers with a fraction, of whatever width in the graph.
    record Floats(long[] shape, float[] values) implements Tensor {}

    /// Bytes without sign.
    record Bytes(long[] shape, byte[] values) implements Tensor {}

    /// Integers of 32 or 64 bits.
    record Longs(long[] shape, long[] values) implements Tensor {}
  }
}
