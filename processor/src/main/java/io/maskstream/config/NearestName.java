package io.maskstream.config;

import java.util.Collection;
import java.util.Comparator;

/// Finds the name that was probably meant, by edit distance.
public final class NearestName {

  private NearestName() {}

  /// The name with the fewest edits to this one; of equals, the first in the alphabet.
  public static String of(String name, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.<String>comparingInt(each -> edits(name, each))
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /// Levenshtein's distance: insertions, deletions and replacements of one character.
  static int edits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
