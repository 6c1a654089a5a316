package io.maskstream.topology;

import io.maskstream.inference.Segmenter;
import io.maskstream.release.InputSize;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseSource;
import io.maskstream.shadow.Candidate;
import io.maskstream.topology.Assignments.Holding;
import io.maskstream.topology.Assignments.Scoped;
import io.maskstream.video.Size;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelStatus.Loaded;
import io.maskstream.wire.ModelStatus.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The releases of one processor: the one of its configuration, and those that the models topic
/// assigns. Each has a session and micro-batches of its own, so no batch mixes releases.
///
/// A release is loaded aside, on a thread of its own, as soon as it is assigned; a frame that is
/// earlier than that waits for it. A session that nothing needs any more is closed when its last
/// frame is out, and opened again if older frames come (a replay). Thread-safe; closed by whoever
/// opened it, after the stream.
public final class ServedReleases implements Releases, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServedReleases.class);

  private static final long TICK_MILLIS = 250;

  /// How often a release that was refused here, though it holds, is tried again.
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// A session that was not asked for so long is closed when memory is wanted for another.
  private static final long LULL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Sizes of pictures that are remembered; cameras have few.
  private static final int MOST_SIZES = 16;

  private final ModelControl control;
  private final ReleaseSource source;
  private final ReleaseFetch fetch;
  private final ReleaseOpener opener;
  private final ReleaseSlot configured;
  private final Shadows shadows;
  private final Map<String, ReleaseSlot> slots = new ConcurrentHashMap<>();
  private final Map<Size, Boolean> pictures = new ConcurrentHashMap<>();

  /// Opens and closes sessions, one after the other.
  private final ScheduledExecutorService loader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("model-loader").factory());

  /// Fetch releases, which may take as long as a download does; nothing else waits for that.
  private final ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();

  /// Being fetched; the loader's own.
  private final Set<ReleaseSlot> fetching = new HashSet<>();

  /// Gives up frames that wait too long, and is never busy itself.
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("model-clock").factory());

  private final AtomicBoolean reviewing = new AtomicBoolean();
  private volatile Assignments assignments;
  private volatile boolean stopping;
  private volatile Runnable changed = () -> {};
  private long retriedNanos = System.nanoTime();

  /// @param first the release of the configuration
  /// @param open its session; owned by this from now on
  /// @param source is closed with this
  /// @param opener opens all others
  public ServedReleases(
      ModelControl control,
      ReleaseFile first,
      Segmenter open,
      ReleaseSource source,
      ReleaseOpener opener) {
    this.control = control;
    this.source = source;
    this.fetch = new ReleaseFetch(source, control.memoryBytes());
    this.opener = opener;
    this.shadows = new Shadows(opener, control.watch().candidates(), () -> changed.run());
    this.assignments = new Assignments(Map.of(), control.groups());
    configured =
        new ReleaseSlot(
            first.release(),
            first.inputSize().grid(),
            () -> first,
            this::saw,
            this::review,
            control.hold());
    configured.serve(open);
    slots.put(first.release().sha256(), configured);
    loader.scheduleWithFixedDelay(
        this::safelyReview, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    clock.scheduleWithFixedDelay(this::expire, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  public ModelControl control() {
    return control;
  }

  /// The release of the configuration.
  Segmenter configured() {
    return configured;
  }

  @Override
  public Chosen at(String cameraId, Instant captureTime) {
    Holding held = assignments.at(cameraId, captureTime);
    Assignment assigned = held.assignment();
    return new Chosen(held.since(), assigned == null ? configured : slot(assigned));
  }

  @Override
  public Optional<Candidate> candidate(String cameraId) {
    return shadows.none() ? Optional.empty() : shadows.of(assignments.scopes(cameraId));
  }

  /// The candidates beside them.
  Shadows shadows() {
    return shadows;
  }

  /// Candidates that have been rejected here, with the reason.
  public List<Loaded> rejectedCandidates() {
    return shadows.status().stream().filter(each -> each.state() == State.REFUSED).toList();
  }

  /// Every scope's assignments, as far as they have been read.
  public Collection<ModelHistory> histories() {
    return assignments.byScope().values();
  }

  /// Remembers the sizes in use, which a release is warmed up with.
  private void saw(Size picture) {
    if (!pictures.containsKey(picture) && pictures.size() < MOST_SIZES) {
      pictures.put(picture, true);
    }
  }

  /// Takes what the models topic says of a scope, on the thread that reads it.
  ///
  /// @param history null if the scope was removed
  void assigned(String scope, @Nullable ModelHistory history) {
    assignments = assignments.with(scope, history);
    changed.run();
    review();
  }

  /// @param listener is told, on any thread, that [#status] has changed
  void onChange(Runnable listener) {
    changed = listener;
  }

  /// How far this processor is with everything that can still hold.
  public List<Loaded> status() {
    List<Loaded> status = new ArrayList<>();
    Assignments now = assignments;
    if (now.needsConfigured(lately())) {
      status.add(
          new Loaded(
              "", 0, configured.release(), configured.loaded() ? State.READY : State.LOADING, ""));
    }
    for (Scoped each : now.needed(lately())) {
      ReleaseSlot slot = slot(each.assignment());
      String refusal = slot.loaded() ? null : slot.refusalOf(each.key());
      State state = slot.loaded() ? State.READY : refusal == null ? State.LOADING : State.REFUSED;
      status.add(
          new Loaded(
              each.scope(),
              each.assignment().number(),
              each.assignment().release(),
              state,
              refusal == null ? "" : refusal));
    }
    status.addAll(shadows.status());
    status.sort(Comparator.comparing(Loaded::scope).thenComparingLong(Loaded::number));
    return status;
  }

  /// What holds now and cannot be served here, or not yet, in words; of scopes narrower than all,
  /// only what frames have asked for lately.
  public List<String> lacking() {
    List<String> lacking = new ArrayList<>();
    for (Scoped each : assignments.inForce(Instant.now())) {
      ReleaseSlot slot = slot(each.assignment());
      boolean asked = slot.asked() || slot.missed(System.nanoTime());
      if (!slot.loaded() && (each.scope().equals(ModelHistory.ALL) || asked)) {
        boolean refused = slot.refusalOf(each.key()) != null;
        lacking.add(
            "release=%s of scope=%s is %s"
                .formatted(slot.release(), each.scope(), refused ? "refused" : "being loaded"));
      }
    }
    return lacking;
  }

  private Instant lately() {
    return Instant.now().minus(control.keep());
  }

  private ReleaseSlot slot(Assignment assignment) {
    return slots.computeIfAbsent(
        assignment.release().sha256(),
        _ ->
            new ReleaseSlot(
                assignment.release(),
                InputSize.of(assignment.frameSize()).grid(),
                () ->
                    fetch.of(
                        assignments.newestOf(assignment.release().sha256()).orElse(assignment)),
                this::saw,
                this::review,
                control.hold()));
  }

  /// Has the loader look at once whether there is something to load.
  private void review() {
    if (reviewing.compareAndSet(false, true)) {
      try {
        loader.execute(this::safelyReview);
      } catch (RejectedExecutionException e) {
        LOG.debug("the processor stops; nothing more is loaded", e);
      }
    }
  }

  /// An exception would end the loader's timer.
  private void safelyReview() {
    reviewing.set(false);
    try {
      loadAndClose();
    } catch (RuntimeException | Error e) {
      LOG.error("the loader of releases failed; it goes on", e);
    }
  }

  private void loadAndClose() {
    if (stopping) {
      return;
    }
    Assignments now = assignments;
    boolean retry = System.nanoTime() - retriedNanos >= RETRY_NANOS;
    if (retry) {
      retriedNanos = System.nanoTime();
    }
    shadows.review(now.byScope().values()).forEach(this::loadCandidate);
    Map<ReleaseSlot, Set<String>> needed = new HashMap<>();
    Set<ReleaseSlot> holding = new HashSet<>();
    for (Scoped each : now.needed(lately())) {
      ReleaseSlot slot = slot(each.assignment());
      needed.computeIfAbsent(slot, _ -> new HashSet<>()).add(each.key());
      if (each.assignment().effectiveFrom() != null) {
        holding.add(slot);
      }
    }
    if (now.needsConfigured(lately())) {
      needed.computeIfAbsent(configured, _ -> new HashSet<>());
    }
    closeIdle(needed.keySet(), TimeUnit.MILLISECONDS.toNanos(control.keep().toMillis()));
    needed.forEach((slot, assigned) -> {
      if (!stopping
          && !slot.loaded()
          && (slot.untried(assigned) || retry && holding.contains(slot))) {
        load(slot, assigned, needed.keySet());
      }
    });
    for (ReleaseSlot slot : slots.values()) {
      if (!stopping && (slot.asked() || retry && slot.missed(System.nanoTime()))) {
        load(slot, needed.getOrDefault(slot, Set.of()), needed.keySet());
      }
    }
    Set<String> named = now.digests();
    slots
        .entrySet()
        .removeIf(entry ->
            entry.getValue() != configured
                && !named.contains(entry.getKey())
                && !entry.getValue().loaded()
                && !entry.getValue().asked());
  }

  private void load(ReleaseSlot slot, Set<String> assigned, Set<ReleaseSlot> needed) {
    if (!fetching.add(slot)) {
      return;
    }
    changed.run();
    // A third session beside the one that serves and this one is memory for nothing.
    closeIdle(needed, Math.min(LULL_NANOS, control.keep().toNanos()));
    fetchers.execute(() -> {
      try {
        ReleaseFile file = slot.file();
        onLoader(() -> open(slot, file, assigned));
      } catch (RuntimeException | OutOfMemoryError e) {
        onLoader(() -> refuse(slot, e, assigned));
      }
    });
  }

  private void loadCandidate(String scope, Assignment candidate) {
    changed.run();
    fetchers.execute(() -> {
      try {
        ReleaseFile file = fetch.of(candidate);
        onLoader(() -> shadows.open(scope, candidate, file, List.copyOf(pictures.keySet())));
      } catch (RuntimeException | OutOfMemoryError e) {
        onLoader(() -> shadows.refuse(scope, candidate, e));
      }
    });
  }

  private void onLoader(Runnable step) {
    try {
      loader.execute(() -> {
        try {
          step.run();
        } catch (RuntimeException | Error e) {
          LOG.error("the loader of releases failed; it goes on", e);
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("the processor stops; nothing more is loaded", e);
    }
  }

  private void open(ReleaseSlot slot, ReleaseFile file, Set<String> assigned) {
    if (stopping) {
      return;
    }
    long start = System.nanoTime();
    try {
      slot.serve(opener.open(file, List.copyOf(pictures.keySet())));
      LOG.info(
          "release={} is ready beside those that serve, after {} ms",
          slot.release(),
          (System.nanoTime() - start) / 1_000_000);
      fetching.remove(slot);
      changed.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      refuse(slot, e, assigned);
    }
  }

  private void refuse(ReleaseSlot slot, Throwable why, Set<String> assigned) {
    String reason = why.getMessage() == null ? why.toString() : why.getMessage();
    LOG.warn("release={} is refused: {}", slot.release(), reason);
    slot.refuse(reason, assigned);
    fetching.remove(slot);
    changed.run();
    // An assignment that came meanwhile wants its own answer.
    review();
  }

  private void closeIdle(Set<ReleaseSlot> needed, long idleNanos) {
    for (ReleaseSlot slot : slots.values()) {
      if (!needed.contains(slot) && slot.idle(System.nanoTime(), idleNanos) && slot.closeIdle()) {
        LOG.info("release={} is closed: its last frame is out", slot.release());
        opener.closed(slot.release());
        changed.run();
      }
    }
  }

  private void expire() {
    long now = System.nanoTime();
    slots.values().forEach(slot -> slot.expire(now));
  }

  /// Closes every session. What is being opened is waited for, since native code cannot be left.
  @Override
  public void close() {
    stopping = true;
    fetchers.shutdownNow();
    loader.shutdown();
    clock.shutdown();
    try {
      if (!loader.awaitTermination(20, TimeUnit.SECONDS)) {
        LOG.warn("a release is still being opened; it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    shadows.close();
    slots.values().forEach(ReleaseSlot::close);
    source.close();
  }
}
