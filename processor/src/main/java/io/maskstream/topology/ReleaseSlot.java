package io.maskstream.topology;

import io.maskstream.inference.InferenceException;
import io.maskstream.inference.Segmented;
import io.maskstream.inference.Segmenter;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One release of this processor, whether or not its session is open: takes frames, and holds them
/// until it is. Thread-safe; the loader alone opens and closes.
final class ReleaseSlot implements Segmenter {

  private final Release release;
  private final Grid grid;
  private final Supplier<ReleaseFile> file;
  private final Consumer<Size> saw;
  private final Runnable wanted;
  private final long holdNanos;

  // Guarded by this.
  private @Nullable Segmenter session;
  private @Nullable String refusal;
  private Set<String> refusedFor = Set.of();
  private long refusedNanos;
  private List<String> classNames = List.of();
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private int inFlight;
  private long usedNanos = System.nanoTime();

  private record Held(Frame frame, CompletableFuture<Segmented> answer, long sinceNanos) {}

  /// @param grid what it wants frames to be
  /// @param file fetches it
  /// @param saw is told the size of each picture
  /// @param wanted is told, under the lock, that frames wait for it
  /// @param hold how long a frame waits
  ReleaseSlot(
      Release release,
      Grid grid,
      Supplier<ReleaseFile> file,
      Consumer<Size> saw,
      Runnable wanted,
      Duration hold) {
    this.release = release;
    this.grid = grid;
    this.file = file;
    this.saw = saw;
    this.wanted = wanted;
    this.holdNanos = hold.toNanos();
  }

  Release release() {
    return release;
  }

  ReleaseFile file() {
    return file.get();
  }

  @Override
  public Grid grid() {
    return grid;
  }

  @Override
  public synchronized List<String> classNames() {
    return classNames;
  }

  @Override
  public CompletableFuture<Segmented> submit(Frame frame) {
    saw.accept(frame.sourceSize());
    CompletableFuture<Segmented> answer = new CompletableFuture<>();
    Segmenter open;
    synchronized (this) {
      usedNanos = System.nanoTime();
      open = session;
      if (open == null) {
        // A store that is away for a moment costs no masks; one that stays away holds nobody up.
        if (refusal != null && usedNanos - refusedNanos >= holdNanos) {
          frame.close();
          answer.completeExceptionally(
              new InferenceException("release=" + release + " is refused here: " + refusal));
        } else {
          held.add(new Held(frame, answer, usedNanos));
          wanted.run();
        }
        return answer;
      }
      inFlight++;
    }
    return passed(open, frame);
  }

  private CompletableFuture<Segmented> passed(Segmenter open, Frame frame) {
    CompletableFuture<Segmented> made;
    try {
      made = open.submit(frame);
    } catch (RuntimeException e) {
      frame.close();
      made = CompletableFuture.failedFuture(e);
    }
    made.whenComplete((_, _) -> left());
    return made;
  }

  private synchronized void left() {
    inFlight--;
    usedNanos = System.nanoTime();
  }

  synchronized boolean loaded() {
    return session != null;
  }

  /// Whether frames wait for it, and it has not been tried.
  synchronized boolean asked() {
    return session == null && refusal == null && !held.isEmpty();
  }

  /// Why it cannot serve one of the assignments; null if it is not known that it cannot.
  synchronized @Nullable String refusalOf(String assignment) {
    return refusedFor.contains(assignment) ? refusal : null;
  }

  /// Whether one of these assignments has not been tried.
  synchronized boolean untried(Set<String> assignments) {
    return refusal == null || !refusedFor.containsAll(assignments);
  }

  /// Takes a session over, and passes on what waits for it.
  void serve(Segmenter opened) {
    List<Held> waiting;
    synchronized (this) {
      session = opened;
      classNames = opened.classNames();
      refusal = null;
      refusedFor = Set.of();
      waiting = new ArrayList<>(held);
      held.clear();
      inFlight += waiting.size();
      usedNanos = System.nanoTime();
    }
    for (Held each : waiting) {
      if (each.answer().isDone()) {
        each.frame().close();
        left();
      } else {
        passed(opened, each.frame())
            .whenComplete((made, failure) -> {
              if (failure == null) {
                each.answer().complete(made);
              } else {
                each.answer().completeExceptionally(failure);
              }
            });
      }
    }
  }

  /// Notes why it cannot be served for now.
  ///
  /// @param assignments that asked for it
  synchronized void refuse(String reason, Set<String> assignments) {
    if (untried(assignments)) {
      refusedNanos = System.nanoTime();
    }
    refusal = reason;
    refusedFor = new HashSet<>(assignments);
  }

  /// Whether frames have wanted it lately, and it could not be served.
  synchronized boolean missed(long nowNanos) {
    return refusal != null && nowNanos - usedNanos < 2 * holdNanos;
  }

  /// Gives up frames that have waited too long.
  void expire(long nowNanos) {
    List<Held> late = new ArrayList<>();
    String why;
    synchronized (this) {
      why =
          refusal != null
              ? "release=" + release + " is refused here: " + refusal
              : "release="
                  + release
                  + " was not loaded within "
                  + holdNanos / 1_000_000
                  + " ms; raise model.hold.max.ms, or look at `maskstream model status`";
      for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
        Held frame = each.next();
        if (frame.answer().isDone() || nowNanos - frame.sinceNanos() >= holdNanos) {
          late.add(frame);
          each.remove();
        }
      }
    }
    fail(late, why);
  }

  private static void fail(List<Held> frames, String why) {
    for (Held each : frames) {
      each.frame().close();
      each.answer().completeExceptionally(new InferenceException(why));
    }
  }

  /// Whether nothing has been asked of its open session for so long.
  synchronized boolean idle(long nowNanos, long longestNanos) {
    return session != null && inFlight == 0 && nowNanos - usedNanos >= longestNanos;
  }

  /// Closes the session if no frame is in it. Frames that come later are held, and it is opened
  /// again for them.
  ///
  /// @return whether it was closed
  boolean closeIdle() {
    Segmenter closing;
    synchronized (this) {
      if (session == null || inFlight > 0) {
        return false;
      }
      closing = session;
      session = null;
    }
    closing.close();
    return true;
  }

  /// Closes the session with whatever is in it.
  @Override
  public void close() {
    Segmenter closing;
    List<Held> waiting;
    synchronized (this) {
      closing = session;
      session = null;
      refusal = "the processor stops";
      refusedNanos = System.nanoTime() - holdNanos;
      waiting = new ArrayList<>(held);
      held.clear();
    }
    fail(waiting, "the processor stops: release=" + release);
    if (closing != null) {
      closing.close();
    }
  }
}
