package io.maskstream.shadow;

import io.maskstream.inference.ClassMap;
import io.maskstream.inference.Segmented;
import io.maskstream.inference.Segmenter;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.RunLengths;
import io.maskstream.wire.ShadowReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A release that is shown a share of the frames beside the one in force. It holds nobody up: a
/// frame that it has no room for is skipped, and what it makes is compared on a thread of its own.
/// By the first fault of its rules it is rejected, and shown nothing more.
///
/// Frames are gathered into bursts of one, two and so on up to the largest micro-batch, because
/// some networks fail at sizes that a small share would never reach by itself. Thread-safe; closed
/// by whoever opened it.
public final class Candidate implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Candidate.class);

  /// Bursts that may be under way.
  private static final int BURSTS = 3;

  private static final long LONGEST_GATHERING_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long SHARES = 1 << 20;

  /// A frame that the candidate answers beside the release in force.
  ///
  /// @param names of the classes of the release in force
  private record Shown(
      Identity identity,
      Mask.Source source,
      Frame frame,
      Supplier<List<String>> names,
      CompletableFuture<Segmented> serving) {}

  private final String scope;
  private final Shadow assignment;
  private final Segmenter session;
  private final int batchMax;
  private final Tally own;
  private final Tally serving = new Tally();
  private final Rules rules;
  private final Consumer<Mask> masks;
  private final Runnable onRejected;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong skipped = new AtomicLong();
  private final ScheduledExecutorService thread;

  // The thread's own.
  private final List<Shown> burst = new ArrayList<>();
  private long gatheredSince;
  private int burstSize = 1;
  private Agreement agreement = new Agreement(List.of(), List.of());

  private volatile String rejection = "";
  private volatile boolean closed;

  /// @param session owned by this from now on; counts failures and time in `own`
  /// @param batchMax most frames of its micro-batches
  /// @param masks takes what the candidate makes, on a thread of this
  /// @param onRejected is told, once, on any thread
  public Candidate(
      String scope,
      Shadow assignment,
      Segmenter session,
      int batchMax,
      Tally own,
      Rules rules,
      Consumer<Mask> masks,
      Runnable onRejected) {
    this.scope = scope;
    this.assignment = assignment;
    this.session = session;
    this.batchMax = batchMax;
    this.own = own;
    this.rules = rules;
    this.masks = masks;
    this.onRejected = onRejected;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("shadow-" + assignment.release()).factory());
    thread.scheduleWithFixedDelay(this::tick, 100, 100, TimeUnit.MILLISECONDS);
  }

  public Shadow assignment() {
    return assignment;
  }

  /// The frame size that it wants.
  public Grid grid() {
    return session.grid();
  }

  /// Whether it is to be shown a frame: by the frame's identity, so that all of its frames are
  /// spread evenly, and if it has room.
  public boolean wants(Identity identity) {
    if (closed || !rejection.isEmpty() || !ofShare(identity)) {
      return false;
    }
    if (underWay.get() >= BURSTS * batchMax) {
      skipped.incrementAndGet();
      return false;
    }
    return true;
  }

  private boolean ofShare(Identity identity) {
    long mixed = (identity.sessionId().hashCode() + identity.sequence()) * 0x9E3779B97F4A7C15L;
    return (mixed >>> 44) < assignment.share() * SHARES;
  }

  /// Shows it a frame, which it closes.
  ///
  /// @param source of the frame, for the candidate's mask
  /// @param names of the classes of the release in force
  /// @param servingAnswer what the release in force makes of the same picture
  public void show(
      Identity identity,
      Mask.Source source,
      Frame frame,
      Supplier<List<String>> names,
      CompletableFuture<Segmented> servingAnswer) {
    underWay.incrementAndGet();
    onThread(
        () -> gather(new Shown(identity, source, frame, names, servingAnswer)),
        () -> giveUp(frame));
  }

  private void giveUp(Frame frame) {
    frame.close();
    underWay.decrementAndGet();
  }

  private void gather(Shown shown) {
    if (burst.isEmpty()) {
      gatheredSince = System.nanoTime();
    }
    burst.add(shown);
    if (burst.size() >= burstSize) {
      submit();
    }
  }

  private void tick() {
    if (!burst.isEmpty() && System.nanoTime() - gatheredSince > LONGEST_GATHERING_NANOS) {
      submit();
    }
    judge();
  }

  private void submit() {
    for (Shown each : burst) {
      CompletableFuture<Segmented> made = session.submit(each.frame());
      CompletableFuture.allOf(made, each.serving())
          .whenComplete((_, _) -> {
            underWay.decrementAndGet();
            onThread(() -> compare(each, made), () -> {});
          });
    }
    burst.clear();
    burstSize = burstSize % batchMax + 1;
  }

  private void compare(Shown shown, CompletableFuture<Segmented> made) {
    if (made.isCompletedExceptionally() || shown.serving().isCompletedExceptionally()) {
      // The candidate's failures are counted where they happen; a frame that the release in force
      // failed on tells nothing.
      return;
    }
    Segmented candidates = made.join();
    Segmented inForce = shown.serving().join();
    serving.ran(inForce.inference().dividedBy(inForce.batchSize()));
    own.answered(Tally.constant(candidates.classMap()));
    serving.answered(Tally.constant(inForce.classMap()));
    List<String> names = shown.names().get();
    if (!agreement.names(names, session.classNames())) {
      // Another release has come into force: agreement with the one before says nothing any more.
      agreement = new Agreement(names, session.classNames());
    }
    agreement.add(inForce.classMap(), candidates.classMap());
    masks.accept(mask(shown, candidates));
  }

  private static Mask mask(Shown shown, Segmented made) {
    ClassMap map = made.classMap();
    return new Mask(
        shown.identity(),
        RunLengths.of(map.classes(), map.size().width(), map.size().height()),
        made.release(),
        shown.source());
  }

  private void judge() {
    Optional<String> fault = rejection.isEmpty() ? rules.fault(own, serving) : Optional.empty();
    if (fault.isPresent()) {
      rejection = fault.get();
      LOG.warn("candidate={} is rejected: {}", assignment.release(), rejection);
      onRejected.run();
    }
  }

  /// Why it is rejected; empty while it is not.
  public String rejection() {
    return rejection;
  }

  /// What it has been found to do so far.
  ///
  /// @param instanceId of this processor
  public Optional<ShadowReport> report(String instanceId, Instant now) {
    CompletableFuture<ShadowReport> report = new CompletableFuture<>();
    onThread(
        () ->
            report.complete(
                new ShadowReport(
                    instanceId,
                    scope,
                    assignment.number(),
                    assignment.release(),
                    now,
                    own.figures(),
                    serving.figures(),
                    skipped.get(),
                    agreement.classes(),
                    rejection)),
        () -> report.cancel(false));
    try {
      return Optional.of(report.join());
    } catch (CancellationException e) {
      return Optional.empty();
    }
  }

  private void onThread(Runnable step, Runnable otherwise) {
    try {
      thread.execute(() -> {
        try {
          step.run();
        } catch (RuntimeException e) {
          LOG.warn("candidate={} cannot be compared: {}", assignment.release(), e.toString());
        }
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("candidate={} is closed", assignment.release(), e);
      otherwise.run();
    }
  }

  /// Ends its session; what it was still to look at is given up.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    thread.execute(() -> {
      burst.forEach(each -> giveUp(each.frame()));
      burst.clear();
    });
    thread.shutdown();
    session.close();
  }
}
