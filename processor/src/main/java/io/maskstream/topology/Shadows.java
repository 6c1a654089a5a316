package io.maskstream.topology;

import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.release.ReleaseFile;
import io.maskstream.shadow.Candidate;
import io.maskstream.shadow.Rules;
import io.maskstream.shadow.Tally;
import io.maskstream.video.Size;
import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ModelStatus.Loaded;
import io.maskstream.wire.ModelStatus.State;
import io.maskstream.wire.ShadowReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The candidates of one processor, at most one for each scope. [ServedReleases] tells what is
/// assigned, and opens and closes them on its loader's thread; all else is for any thread.
final class Shadows {

  private static final Logger LOG = LoggerFactory.getLogger(Shadows.class);

  private final ReleaseOpener opener;
  private final Rules rules;
  private final Runnable changed;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();
  private volatile Consumer<Mask> masks = _ -> {};

  /// A candidate, and how far it is.
  private static final class Slot {
    final Shadow shadow;
    volatile @Nullable Candidate candidate;
    volatile String refusal = "";

    Slot(Shadow shadow) {
      this.shadow = shadow;
    }
  }

  Shadows(ReleaseOpener opener, Rules rules, Runnable changed) {
    this.opener = opener;
    this.rules = rules;
    this.changed = changed;
  }

  void onMask(Consumer<Mask> listener) {
    masks = listener;
  }

  boolean none() {
    return slots.isEmpty();
  }

  /// The candidate that looks on at a camera: of the narrowest scope that has one.
  ///
  /// @param scopes of the camera, the narrowest first
  Optional<Candidate> of(List<String> scopes) {
    return scopes.stream()
        .map(slots::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(slot -> slot.candidate);
  }

  /// Closes what is a candidate no more.
  ///
  /// @return those that are to be loaded, by scope
  Map<String, Assignment> review(Collection<ModelHistory> histories) {
    Map<String, Shadow> wanted = new HashMap<>();
    for (ModelHistory history : histories) {
      history
          .candidate()
          .filter(shadow -> !shadow.rejected())
          .ifPresent(shadow -> wanted.put(history.scope(), shadow));
    }
    slots.forEach((scope, slot) -> {
      Shadow now = wanted.get(scope);
      if (now == null || now.number() != slot.shadow.number()) {
        slots.remove(scope);
        close(slot);
      }
    });
    Map<String, Assignment> missing = new HashMap<>();
    wanted.forEach((scope, shadow) -> {
      if (slots.putIfAbsent(scope, new Slot(shadow)) == null) {
        missing.put(scope, shadow.toAssignment());
      }
    });
    return missing;
  }

  /// Takes a candidate's file, and runs it.
  void open(String scope, Assignment assignment, ReleaseFile file, List<Size> pictures) {
    Slot slot = slots.get(scope);
    if (slot == null || slot.shadow.number() != assignment.number()) {
      return;
    }
    Tally tally = new Tally();
    try {
      OnnxSegmenter opened = opener.openCandidate(file, pictures, tally.observer());
      slot.candidate =
          new Candidate(
              scope,
              slot.shadow,
              opened,
              opened.batchMax(),
              tally,
              rules,
              mask -> masks.accept(mask),
              changed);
      LOG.info("candidate={} looks on: scope={}", file, scope);
      changed.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      refuse(scope, assignment, e);
    }
  }

  /// A candidate that cannot be loaded is rejected.
  void refuse(String scope, Assignment assignment, Throwable why) {
    Slot slot = slots.get(scope);
    if (slot == null || slot.shadow.number() != assignment.number()) {
      return;
    }
    slot.refusal = why.getMessage() == null ? why.toString() : why.getMessage();
    LOG.warn("candidate={} is refused: {}", assignment.release(), slot.refusal);
    changed.run();
  }

  /// How far this processor is with every candidate.
  List<Loaded> status() {
    List<Loaded> status = new ArrayList<>();
    slots.forEach((scope, slot) -> {
      Candidate candidate = slot.candidate;
      String rejection = candidate == null ? slot.refusal : candidate.rejection();
      State state =
          !rejection.isEmpty() ? State.REFUSED : candidate == null ? State.LOADING : State.READY;
      status.add(new Loaded(scope, slot.shadow.number(), slot.shadow.release(), state, rejection));
    });
    return status;
  }

  /// What has been seen of every candidate.
  List<ShadowReport> reports(String instanceId) {
    return slots.values().stream()
        .map(slot -> slot.candidate)
        .flatMap(candidate ->
            Optional.ofNullable(candidate)
                .flatMap(found -> found.report(instanceId, Instant.now()))
                .stream())
        .toList();
  }

  private static void close(Slot slot) {
    Candidate candidate = slot.candidate;
    if (candidate != null) {
      candidate.close();
      LOG.info("candidate={} looks on no more", slot.shadow.release());
    }
  }

  void close() {
    slots.values().forEach(Shadows::close);
    slots.clear();
  }
}
