package io.maskstream.trainer.autograd;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// What a name of the graph stands for while it runs.
sealed interface Value {

  Tensor tensor();

  long[] longs();

  double[] numbers();

  /// Made by a node, or fed. Owned by the run.
  record Edge(Tensor tensor) implements Value {

    @Override
    public long[] longs() {
      return HostArrays.longs(tensor);
    }

    @Override
    public double[] numbers() {
      return HostArrays.numbers(tensor);
    }
  }

  /// A constant or parameter. Owned by the graph.
  ///
  /// @param known its elements, where they are few and never change, so that reading them does not
  ///   wait for the device
  record Constant(Tensor tensor, double @Nullable [] known) implements Value {

    @Override
    public long[] longs() {
      return known == null ? HostArrays.longs(tensor) : HostArrays.longs(known);
    }

    @Override
    public double[] numbers() {
      return known == null ? HostArrays.numbers(tensor) : known.clone();
    }
  }
}
