package io.maskstream.topology;

import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Everything that the models topic holds at one moment. Immutable.
///
/// @param byScope histories
/// @param groups of cameras that have one
record Assignments(Map<String, ModelHistory> byScope, Map<String, String> groups) {

  Assignments {
    byScope = Map.copyOf(byScope);
  }

  /// An assignment with its scope.
  record Scoped(String scope, Assignment assignment) {

    /// Names it among all.
    String key() {
      return scope + "#" + assignment.number();
    }
  }

  /// @param history null takes the scope away
  Assignments with(String scope, @Nullable ModelHistory history) {
    Map<String, ModelHistory> changed = new HashMap<>(byScope);
    if (history == null) {
      changed.remove(scope);
    } else {
      changed.put(scope, history);
    }
    return new Assignments(changed, groups);
  }

  /// What holds for a camera.
  ///
  /// @param since the capture time from which it does
  /// @param assignment null for the release of the configuration
  record Holding(Instant since, @Nullable Assignment assignment) {}

  /// Of the narrowest scope that assigns anything, the newest. A scope that has had its release
  /// withdrawn assigns nothing since then.
  Holding at(String cameraId, Instant time) {
    Instant since = ModelHistory.BEGINNING;
    for (String scope : scopes(cameraId)) {
      Assignment found = at(time, scope);
      if (found != null && found.effectiveFrom() != null) {
        since = found.effectiveFrom().isAfter(since) ? found.effectiveFrom() : since;
        if (!found.withdrawn()) {
          return new Holding(since, found);
        }
      }
    }
    return new Holding(since, null);
  }

  /// Those that a camera is in, the narrowest first.
  List<String> scopes(String cameraId) {
    String group = groups.get(cameraId);
    String camera = ModelHistory.ofCamera(cameraId);
    return group == null
        ? List.of(camera, ModelHistory.ALL)
        : List.of(camera, ModelHistory.ofGroup(group), ModelHistory.ALL);
  }

  private @Nullable Assignment at(Instant time, String scope) {
    ModelHistory history = byScope.get(scope);
    return history == null ? null : history.at(time);
  }

  /// What live cameras can need: of each scope what is prepared, the newest, and the one that held
  /// until lately.
  ///
  /// @param lately since when it has to have been over to be needed no more
  List<Scoped> needed(Instant lately) {
    List<Scoped> needed = new ArrayList<>();
    byScope.forEach((scope, history) -> {
      Set<Assignment> ofScope = new HashSet<>();
      history.prepared().ifPresent(ofScope::add);
      history.newest().ifPresent(ofScope::add);
      Assignment before = history.at(lately);
      if (before != null) {
        ofScope.add(before);
      }
      ofScope.removeIf(Assignment::withdrawn);
      ofScope.forEach(assignment -> needed.add(new Scoped(scope, assignment)));
    });
    return needed;
  }

  /// What each scope assigns at a capture time.
  List<Scoped> inForce(Instant time) {
    List<Scoped> inForce = new ArrayList<>();
    byScope.forEach((scope, history) -> {
      Assignment assignment = history.at(time);
      if (assignment != null && !assignment.withdrawn()) {
        inForce.add(new Scoped(scope, assignment));
      }
    });
    return inForce;
  }

  /// Whether some camera may still be answered by the release of the configuration.
  boolean needsConfigured(Instant lately) {
    ModelHistory all = byScope.get(ModelHistory.ALL);
    if (all == null) {
      return true;
    }
    Assignment held = all.at(lately);
    return held == null
        || held.withdrawn()
        || all.newest().filter(Assignment::withdrawn).isPresent();
  }

  /// Where a release was said to lie last.
  Optional<Assignment> newestOf(String sha256) {
    return byScope.values().stream()
        .flatMap(history -> history.assignments().stream())
        .filter(assignment -> assignment.release().sha256().equals(sha256))
        .max(Comparator.comparing(Assignment::assignedAt));
  }

  /// Digests of all releases that are named.
  Set<String> digests() {
    return byScope.values().stream()
        .flatMap(history -> history.assignments().stream())
        .map(assignment -> assignment.release().sha256())
        .collect(Collectors.toSet());
  }
}
