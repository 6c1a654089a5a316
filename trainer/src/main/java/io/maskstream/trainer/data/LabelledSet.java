package io.maskstream.trainer.data;

import io.maskstream.release.Palette;

/// Labelled pictures in a fixed order. Implementations are thread-safe: workers read at the same
/// time.
public interface LabelledSet {

  /// Names and colours of the classes that labels count.
  Palette classes();

  /// How many pictures there are; at least one.
  int size();

  /// @param index from 0 to less than the size
  String name(int index);

  /// @param index from 0 to less than the size
  /// @throws LabelledSetException if picture or labels cannot be used
  LabelledPicture read(int index);
}
