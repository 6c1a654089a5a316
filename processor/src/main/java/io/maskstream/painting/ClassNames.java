package io.maskstream.painting;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Release;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// What releases call their classes, as far as the statistics of their masks have said it. Not
/// thread-safe.
public final class ClassNames {

  private final Map<Release, TreeMap<Integer, String>> names = new HashMap<>();

  /// Takes up what the statistics of a frame say.
  public void add(FrameStatistics statistics) {
    Release release = statistics.release();
    if (release != null) {
      TreeMap<Integer, String> own = names.computeIfAbsent(release, _ -> new TreeMap<>());
      for (ClassArea area : statistics.classes()) {
        own.put(area.classId(), area.className());
      }
    }
  }

  /// The name, or `class N` where none was said.
  public String name(Release release, int classId) {
    return of(release).getOrDefault(classId, "class " + classId);
  }

  /// The classes of a release that were named, by id.
  Map<Integer, String> of(Release release) {
    return Collections.unmodifiableMap(names.getOrDefault(release, new TreeMap<>()));
  }
}
