package io.maskstream.trainer.net;

/// What a dense network makes of its trunk's last map before each cell is scored.
interface Head {

  /// Appends the head.
  ///
  /// @param name that its layers begin with
  /// @param x the trunk's last map
  /// @return the value to score, at the same size
  String write(Layers layers, String name, String x, Corners corners);
}
