package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import java.util.Map;
import java.util.Set;

/// Labelled pictures in a fixed order. Implementations are thread-safe: workers read at the same
/// time.
public interface LabelledSet {

  /// Names and colours of the classes that labels count.
  Palette classes();

  /// Further lists of classes that its pictures are labelled by, by the name of the network's
  /// output that tells them.
  default Map<String, Palette> further() {
    return Map.of();
  }

  /// Planes of its pictures besides the three of colours.
  default int otherPlanes() {
    return 0;
  }

  /// Ids of classes that means leave out: those that a split is known not to show.
  default Set<Integer> uncounted() {
    return Set.of();
  }

  /// How many pictures there are; at least one.
  int size();

  /// @param index from 0 to less than the size
  String name(int index);

  /// @param index from 0 to less than the size
  /// @throws LabelledSetException if picture or labels cannot be used
  LabelledPicture read(int index);
}
