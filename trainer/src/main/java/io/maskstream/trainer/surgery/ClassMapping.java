package io.maskstream.trainer.surgery;

import io.maskstream.release.Palette;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// From which classes a network knows already each new class starts: its weights are the mean of
/// theirs.
///
/// @param sources for each new class the ids of old ones; none where it starts from zero
public record ClassMapping(List<List<Integer>> sources) {

  public ClassMapping {
    sources = sources.stream().map(List::copyOf).toList();
  }

  /// Reads `pavement=sidewalk; sign symbol=traffic light, traffic sign`. A new class that is not
  /// listed starts from the old one of its name, if there is one.
  ///
  /// @param from the classes that the network knows
  /// @param to the new classes
  /// @throws IllegalArgumentException naming the class that is not there
  public static ClassMapping parse(Palette from, Palette to, String text) {
    List<List<Integer>> sources = new ArrayList<>();
    for (String name : to.names()) {
      int same = from.names().indexOf(name);
      sources.add(same < 0 ? List.of() : List.of(same));
    }
    for (String entry : text.split(";", -1)) {
      if (entry.isBlank()) {
        continue;
      }
      String[] sides = entry.split("=", 2);
      if (sides.length < 2) {
        throw new IllegalArgumentException(
            "\"" + entry.strip() + "\" is no mapping such as pavement=sidewalk");
      }
      List<Integer> ids = new ArrayList<>();
      for (String old : sides[1].split(",", -1)) {
        ids.add(id(from, old.strip(), "the network's"));
      }
      sources.set(id(to, sides[0].strip(), "the new"), List.copyOf(ids));
    }
    return new ClassMapping(sources);
  }

  private static int id(Palette palette, String name, String whose) {
    int id = palette.names().indexOf(name);
    if (id < 0) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is none of " + whose + " classes: " + palette);
    }
    return id;
  }

  /// The mean of the given classes' numbers, for each new class.
  ///
  /// @param old one row for each old class
  float[][] apply(float[][] old) {
    float[][] rows = new float[sources.size()][old[0].length];
    for (int k = 0; k < rows.length; k++) {
      List<Integer> from = sources.get(k);
      for (int id : from) {
        for (int i = 0; i < rows[k].length; i++) {
          rows[k][i] += old[id][i] / from.size();
        }
      }
    }
    return rows;
  }

  /// The first old class that a network of so many does not have.
  Optional<Integer> beyond(int classes) {
    return sources.stream().flatMap(List::stream).filter(id -> id < 0 || id >= classes).findFirst();
  }
}
