package io.maskstream.trainer.data;

import java.util.Locale;

/// What a picture is made of, where a set has depth besides colours.
public enum Modalities {
  COLOR,
  /// Depth as a grey picture: black is here, white is 10 metres away.
  DEPTH,
  /// Horizontal disparity, height above ground and angle with gravity, as red, green and blue.
  HHA,
  /// Millimetres of depth in a fourth plane.
  COLOR_DEPTH,
  /// HHA in a fourth, fifth and sixth plane.
  COLOR_HHA;

  /// As options have it: `color-depth`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
