package io.maskstream.painting;

import io.maskstream.release.Palette;
import io.maskstream.wire.Release;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One list of labels for the masks of several releases, which may number their classes in ways of
/// their own. The first release's classes keep their ids; of the others, what has a new name
/// follows.
final class TaskLabels {

  private final List<String> names = new ArrayList<>();
  private final List<Integer> colors = new ArrayList<>();
  private final Map<Release, byte[]> places = new HashMap<>();

  /// @param largestIds the largest class id in the masks of each release, or -1
  TaskLabels(Map<Release, Integer> largestIds, ClassNames said) {
    largestIds.forEach((release, largest) -> add(release, largest, said));
  }

  Palette palette() {
    return new Palette(names, colors);
  }

  /// A mask with places in the list instead of class ids; 255 stays.
  ClassPicture placed(Release release, ClassPicture mask) {
    byte[] own = places.getOrDefault(release, new byte[0]);
    byte[] placed = mask.classes().clone();
    for (int pixel = 0; pixel < placed.length; pixel++) {
      int id = placed[pixel] & 0xff;
      placed[pixel] = id == MaskPainter.IGNORED ? placed[pixel] : own[id];
    }
    return new ClassPicture(mask.width(), mask.height(), placed);
  }

  private void add(Release release, int largest, ClassNames said) {
    Optional<Palette> known = ClassColors.dataSet(said.of(release));
    List<String> own = new ArrayList<>();
    int count = Math.max(largest, said.of(release).keySet().stream().reduce(-1, Math::max)) + 1;
    for (int id = 0; id < Math.max(count, known.map(Palette::size).orElse(0)); id++) {
      int classId = id;
      String name =
          known
              .filter(palette -> classId < palette.size())
              .map(palette -> palette.names().get(classId))
              .orElseGet(() -> label(said.name(release, classId)));
      own.add(name);
      if (!names.contains(name)) {
        int place = names.size();
        names.add(name);
        colors.add(
            unused(
                known
                    .filter(palette -> classId < palette.size())
                    .map(palette -> palette.colors().get(classId))
                    .orElse(ClassColors.VOC.rgb(place))));
      }
    }
    byte[] table = new byte[own.size()];
    for (int id = 0; id < table.length; id++) {
      table[id] = (byte) names.indexOf(own.get(id));
    }
    places.put(release, table);
  }

  /// The colour, or another if a label has it already: labels are told apart by it.
  private int unused(int color) {
    int free = color;
    for (int id = Palette.MAX_CLASSES - 1; colors.contains(free); id--) {
      free = ClassColors.VOC.rgb(id);
    }
    return free;
  }

  /// A name that a line of a label map can hold.
  private static String label(String name) {
    String label = name.replaceAll("[:#\\p{Cntrl}]", "-").strip();
    return label.isEmpty() ? "-" : label;
  }
}
