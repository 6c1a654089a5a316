package io.maskstream.shadow;

import io.maskstream.inference.ClassMap;
import io.maskstream.video.Size;
import io.maskstream.wire.ShadowReport.ClassAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How far two releases agree on the same frames, class by class. Classes are matched by name,
/// since a release may number them differently; a class that only one of them knows agrees nowhere.
/// Not thread-safe.
public final class Agreement {

  private static final int IDS = 256;

  private final List<String> serving;
  private final List<String> candidate;

  /// Pixels by class of the release in force and of the candidate.
  private final long[] counts = new long[IDS * IDS];

  /// @param serving class names by id
  /// @param candidate alike
  public Agreement(List<String> serving, List<String> candidate) {
    this.serving = List.copyOf(serving);
    this.candidate = List.copyOf(candidate);
  }

  /// Whether both number their classes by these names.
  boolean names(List<String> ofServing, List<String> ofCandidate) {
    return serving.equals(ofServing) && candidate.equals(ofCandidate);
  }

  /// Adds a frame, in pixels of the map of the release in force; of a candidate's map of another
  /// size each takes the nearest.
  public void add(ClassMap ofServing, ClassMap ofCandidate) {
    Size size = ofServing.size();
    Size other = ofCandidate.size();
    int pixel = 0;
    for (int y = 0; y < size.height(); y++) {
      int row = (int) ((2L * y + 1) * other.height() / (2L * size.height())) * other.width();
      for (int x = 0; x < size.width(); x++) {
        int column = (int) ((2L * x + 1) * other.width() / (2L * size.width()));
        int one = ofServing.classes()[pixel++] & 0xff;
        int two = ofCandidate.classes()[row + column] & 0xff;
        counts[one * IDS + two]++;
      }
    }
  }

  /// One entry for every class that either has seen, by name; what is ignored (255) is no class.
  public List<ClassAgreement> classes() {
    Map<String, long[]> byName = new TreeMap<>();
    for (int one = 0; one < IDS; one++) {
      for (int two = 0; two < IDS; two++) {
        long count = counts[one * IDS + two];
        if (count > 0) {
          String ofServing = name(serving, one);
          String ofCandidate = name(candidate, two);
          row(byName, ofServing)[2] += count;
          row(byName, ofCandidate)[1] += count;
          if (ofServing.equals(ofCandidate)) {
            row(byName, ofServing)[0] += count;
          }
        }
      }
    }
    byName.remove("");
    List<ClassAgreement> classes = new ArrayList<>();
    byName.forEach((name, of) -> classes.add(new ClassAgreement(name, of[0], of[1], of[2])));
    return classes;
  }

  private static long[] row(Map<String, long[]> byName, String name) {
    return byName.computeIfAbsent(name, _ -> new long[3]);
  }

  private static String name(List<String> names, int id) {
    return id == IDS - 1 ? "" : id < names.size() ? names.get(id) : Integer.toString(id);
  }
}
