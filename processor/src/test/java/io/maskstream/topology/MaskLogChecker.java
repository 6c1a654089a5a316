package io.maskstream.topology;

import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares a log of masks with the one that it ought to be: every answer once, in its camera's
/// order, with the same content.
final class MaskLogChecker {

  /// What is wrong with one answer.
  enum Fault {
    LOST,
    DOUBLED,
    OUT_OF_ORDER,
    WRONG_CONTENT,
    FOREIGN
  }

  record Finding(Fault fault, Identity identity) {}

  private MaskLogChecker() {}

  /// @param expected each camera's answers in order; cameras may be interleaved in any way
  /// @param actual the log to be checked, alike
  static List<Finding> check(List<Mask> expected, List<Mask> actual) {
    Map<Identity, Mask> wanted = new LinkedHashMap<>();
    Map<Identity, Integer> places = new HashMap<>();
    for (Mask mask : expected) {
      if (wanted.put(mask.identity(), mask) != null) {
        throw new IllegalArgumentException("the expected log is doubled: " + mask.identity());
      }
      places.put(mask.identity(), places.size());
    }
    List<Finding> findings = new ArrayList<>();
    Set<Identity> seen = new HashSet<>();
    Map<String, Integer> lastPlace = new HashMap<>();
    for (Mask mask : actual) {
      Identity identity = mask.identity();
      Mask original = wanted.get(identity);
      if (original == null) {
        findings.add(new Finding(Fault.FOREIGN, identity));
        continue;
      }
      if (!seen.add(identity)) {
        findings.add(new Finding(Fault.DOUBLED, identity));
        continue;
      }
      int place = places.get(identity);
      if (place < lastPlace.getOrDefault(identity.cameraId(), -1)) {
        findings.add(new Finding(Fault.OUT_OF_ORDER, identity));
      } else {
        lastPlace.put(identity.cameraId(), place);
      }
      if (!original.equals(mask)) {
        findings.add(new Finding(Fault.WRONG_CONTENT, identity));
      }
    }
    wanted.keySet().stream()
        .filter(identity -> !seen.contains(identity))
        .forEach(identity -> findings.add(new Finding(Fault.LOST, identity)));
    return findings;
  }
}
