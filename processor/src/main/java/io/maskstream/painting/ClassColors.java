package io.maskstream.painting;

import io.maskstream.release.Palette;
import io.maskstream.wire.FrameStatistics.ClassArea;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The colour of every class id. Immutable.
public final class ClassColors {

  /// PASCAL VOC's colour map: the bits of the id, spread over the channels from the highest bit
  /// down (`VOClabelcolormap` of the development kit).
  public static final ClassColors VOC = new ClassColors(List.of());

  private static final List<String> DATA_SETS =
      List.of("cityscapes", "voc", "camvid", "road", "scene");

  private final int[] rgb = new int[256];

  private ClassColors(List<Integer> known) {
    for (int id = 0; id < rgb.length; id++) {
      rgb[id] = id < known.size() ? known.get(id) & 0xffffff : vocColor(id);
    }
  }

  /// A release's own colours, 0xRRGGBB by class id; VOC's for ids that it does not name.
  public static ClassColors of(List<Integer> colors) {
    return new ClassColors(colors);
  }

  /// The colours that the data set is known by whose classes these are; VOC's if none is.
  ///
  /// @param classes some of the classes of a release, with the names that it gives them
  public static ClassColors ofDataSet(List<ClassArea> classes) {
    Map<Integer, String> names = new HashMap<>();
    classes.forEach(area -> names.put(area.classId(), area.className()));
    return dataSet(names).map(palette -> of(palette.colors())).orElse(VOC);
  }

  /// The classes of the data set whose ids have these names.
  ///
  /// @param names some of its classes by id
  static Optional<Palette> dataSet(Map<Integer, String> names) {
    return names.isEmpty()
        ? Optional.empty()
        : DATA_SETS.stream()
            .map(Palette::known)
            .filter(palette ->
                names.entrySet().stream()
                    .allMatch(named ->
                        named.getKey() < palette.size()
                            && palette.names().get(named.getKey()).equals(named.getValue())))
            .findFirst();
  }

  /// 0xRRGGBB of a class.
  ///
  /// @param classId 0 to 255
  public int rgb(int classId) {
    return rgb[classId];
  }

  /// All 256 colours, for pictures that hold class ids.
  IndexColorModel model() {
    byte[][] channels = new byte[3][rgb.length];
    for (int id = 0; id < rgb.length; id++) {
      channels[0][id] = (byte) (rgb[id] >> 16);
      channels[1][id] = (byte) (rgb[id] >> 8);
      channels[2][id] = (byte) rgb[id];
    }
    return new IndexColorModel(8, rgb.length, channels[0], channels[1], channels[2]);
  }

  private static int vocColor(int id) {
    int color = 0;
    for (int bit = 0; bit < 8; bit++) {
      int value = id >> (3 * bit);
      color |=
          (value & 1) << (23 - bit)
              | (value >> 1 & 1) << (15 - bit)
              | (value >> 2 & 1) << (7 - bit);
    }
    return color;
  }
}
