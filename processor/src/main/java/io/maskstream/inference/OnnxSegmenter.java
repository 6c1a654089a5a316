package io.maskstream.inference;

import io.maskstream.inference.MicroBatches.Waiting;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one release on ONNX Runtime, in micro-batches across cameras.
///
/// Each lane has a thread that takes closed micro-batches, runs them and completes the answers, so
/// whatever hangs on an answer must be short, and answers of different micro-batches may overtake
/// each other. A run that fails is split: its frames go through one by one, and only those fail on
/// which the network fails by themselves.
///
/// Frames in flight are bounded by whoever submits (the topology counts its own); the segmenter
/// itself takes what it is given.
public final class OnnxSegmenter implements Segmenter {

  private static final Logger LOG = LoggerFactory.getLogger(OnnxSegmenter.class);

  /// How long closing lets the present run go on, and then waits for it to be ended.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// The first run compiles and allocates, on a GPU for many seconds.
  private static final Duration WARM_UP_DEADLINE = Duration.ofMinutes(2);

  /// Warmed up with where the cameras' pictures are not known yet.
  private static final Size USUAL = new Size(320, 240);

  private final ReleaseFile release;
  private final InferenceSettings settings;
  private final InferenceObserver observer;
  private final LongSupplier nanoClock;
  private final Provider provider;
  private final int batchMax;
  private final List<Lane> lanes;
  private OptionalDouble goldenDiffering = OptionalDouble.empty();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private final MicroBatches waiting;
  private boolean closed;

  private OnnxSegmenter(
      ReleaseFile release,
      InferenceSettings settings,
      InferenceObserver observer,
      LongSupplier nanoClock,
      List<OnnxSession> sessions) {
    this.release = release;
    this.settings = settings;
    this.observer = observer;
    this.nanoClock = nanoClock;
    provider = sessions.getFirst().provider();
    batchMax = settings.batchMaxOn(provider, release.freeBatch());
    waiting = new MicroBatches(batchMax, settings.batchWait().toNanos());
    lanes = sessions.stream().map(Lane::new).toList();
  }

  /// Loads a release and runs it once for every batch size that is common.
  ///
  /// @throws InferenceException if the provider is not there, or the graph does not run
  public static OnnxSegmenter open(
      ReleaseFile release, InferenceSettings settings, InferenceObserver observer) {
    return open(release, settings, observer, List.of());
  }

  /// The same, for pictures of these sizes.
  public static OnnxSegmenter open(
      ReleaseFile release,
      InferenceSettings settings,
      InferenceObserver observer,
      Collection<Size> pictures) {
    return open(release, settings, observer, System::nanoTime, pictures);
  }

  static OnnxSegmenter open(
      ReleaseFile release,
      InferenceSettings settings,
      InferenceObserver observer,
      LongSupplier nanoClock,
      Collection<Size> pictures) {
    List<OnnxSession> sessions = OnnxSession.open(release, settings);
    OnnxSegmenter segmenter = new OnnxSegmenter(release, settings, observer, nanoClock, sessions);
    try {
      sessions.forEach(session -> segmenter.warmUp(session, pictures));
      segmenter.goldenDiffering =
          SelfTest.differing(sessions.getFirst(), release, WARM_UP_DEADLINE);
    } catch (RuntimeException e) {
      sessions.forEach(OnnxSession::close);
      throw e;
    }
    segmenter.lanes.forEach(lane -> lane.thread.start());
    return segmenter;
  }

  /// A new size of batch allocates, and on a GPU chooses its kernels: the common ones are run here.
  private void warmUp(OnnxSession session, Collection<Size> pictures) {
    Set<Size> sizes = new LinkedHashSet<>();
    (pictures.isEmpty() ? List.of(USUAL) : pictures)
        .forEach(picture -> sizes.add(release.inputSize().grid().fit(picture)));
    sizes.forEach(size -> warmUp(session, size));
  }

  private void warmUp(OnnxSession session, Size size) {
    for (int batch = 1; batch <= batchMax; batch = nextBatch(batch)) {
      ByteBuffer grey = session.input(size, batch);
      while (grey.hasRemaining()) {
        grey.put((byte) 128);
      }
      session.run(grey.flip(), size, batch, WARM_UP_DEADLINE);
    }
  }

  /// One by one up to eight, then doubled, the largest in any case.
  private int nextBatch(int batch) {
    int next = batch < 8 ? batch + 1 : 2 * batch;
    return batch < batchMax ? Math.min(next, batchMax) : batchMax + 1;
  }

  @Override
  public Grid grid() {
    return release.inputSize().grid();
  }

  @Override
  public List<String> classNames() {
    return release.palette().names();
  }

  public ReleaseFile releaseFile() {
    return release;
  }

  /// CPU or CUDA, whichever is at work.
  public Provider provider() {
    return provider;
  }

  /// The largest share of pixels of a golden frame whose class was another when the release was
  /// loaded; nothing for a release without golden frames. Beyond [GoldenFrames#MAX_DIFFERING] it
  /// does not do here what it did when it was packaged, and should not serve.
  public OptionalDouble goldenDiffering() {
    return goldenDiffering;
  }

  /// Most frames in a micro-batch.
  public int batchMax() {
    return batchMax;
  }

  /// Frames that wait for a micro-batch.
  public int queued() {
    lock.lock();
    try {
      return waiting.count();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableFuture<Segmented> submit(Frame frame) {
    if (!release.inputSize().takes(frame.size())) {
      frame.close();
      return CompletableFuture.failedFuture(
          new InferenceException(
              "graph wants "
                  + release.inputSize()
                  + ", frame is "
                  + frame.size()
                  + ": release="
                  + release
                  + "; scale frames to the segmenter's grid"));
    }
    CompletableFuture<Segmented> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (!closed) {
        waiting.add(new Waiting(frame, answer, nanoClock.getAsLong()));
        changed.signal();
        return answer;
      }
    } finally {
      lock.unlock();
    }
    frame.close();
    answer.completeExceptionally(closedException());
    return answer;
  }

  /// A thread and what it runs.
  private final class Lane {

    private final OnnxSession session;
    private final Thread thread =
        Thread.ofPlatform().daemon().name("inference-" + release).unstarted(this::work);
    // Guarded by the lock.
    private List<Waiting> running = List.of();

    Lane(OnnxSession session) {
      this.session = session;
    }

    private void work() {
      try (session) {
        for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
          run(batch);
        }
      } catch (Throwable e) {
        LOG.error("inference of release={} has died", release, e);
        failAll(new InferenceException("inference of release=" + release + " has died", e));
        throw e;
      }
    }

    /// Waits for a closed micro-batch; empty when the segmenter is closed.
    private List<Waiting> next() {
      lock.lock();
      try {
        running = List.of();
        while (!closed) {
          long now = nanoClock.getAsLong();
          running = waiting.poll(now);
          if (!running.isEmpty()) {
            return running;
          }
          changed.awaitNanos(waiting.nanosUntilClosed(now));
        }
        return List.of();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts the inference thread", e);
      } finally {
        lock.unlock();
      }
    }

    private void run(List<Waiting> batch) {
      Size size = batch.getFirst().frame().size();
      if (batch.size() == 1) {
        Waiting only = batch.getFirst();
        // The frame's own pixels are read in place, so it stays open until the run is over.
        try (Frame frame = only.frame()) {
          runOne(only, frame.rgb());
        }
        return;
      }
      ByteBuffer pixels = session.input(size, batch.size());
      for (Waiting each : batch) {
        pixels.put(each.frame().rgb());
        each.frame().close();
      }
      pixels.flip();
      long start = nanoClock.getAsLong();
      try {
        session.run(pixels, size, batch.size(), settings.deadline());
      } catch (InferenceException e) {
        LOG.debug(
            "batch of {} failed, so it is run frame by frame: {}", batch.size(), e.getMessage());
        observer.batchFailed(release.release(), provider, batch.size(), e);
        int bytes = (int) size.pixels() * 3;
        for (int i = 0; i < batch.size(); i++) {
          runOne(batch.get(i), pixels.slice(i * bytes, bytes));
        }
        return;
      }
      complete(batch, start);
    }

    private void runOne(Waiting only, ByteBuffer pixels) {
      long start = nanoClock.getAsLong();
      try {
        session.run(pixels, only.frame().size(), 1, settings.deadline());
      } catch (InferenceException e) {
        fail(only, e);
        return;
      }
      complete(List.of(only), start);
    }

    private void fail(Waiting frame, InferenceException why) {
      observer.failed(release.release(), provider, why);
      frame.answer().completeExceptionally(why);
    }

    private void complete(List<Waiting> batch, long start) {
      Duration inference = Duration.ofNanos(nanoClock.getAsLong() - start);
      observer.ran(release.release(), provider, batch.size(), inference);
      Release made = release.release();
      for (int i = 0; i < batch.size(); i++) {
        Waiting each = batch.get(i);
        if (session.notANumber(i)) {
          fail(
              each,
              new NotANumberException(
                  "the scores are no numbers (NaN): release="
                      + release
                      + "; go back with `maskstream model rollback`, and train it again with a"
                      + " lower rate, or export it in 32 bits"));
          continue;
        }
        Duration queued = Duration.ofNanos(start - each.sinceNanos());
        each.answer()
            .complete(new Segmented(session.classMap(i), made, queued, inference, batch.size()));
      }
    }
  }

  /// Fails what waits at once, gives the present runs a moment, then ends them.
  @Override
  public void close() {
    failWaiting(closedException());
    if (lanes.stream().anyMatch(lane -> lane.thread == Thread.currentThread())) {
      return;
    }
    if (!ended()) {
      lanes.forEach(lane -> lane.session.stop());
      if (!ended()) {
        // One node of the graph goes on and cannot be ended; the thread frees what it holds when
        // that node is done, or with the program.
        LOG.warn("a run of release={} cannot be ended; it is left behind", release);
        failAll(closedException());
      }
    }
  }

  private boolean ended() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean ended = true;
    try {
      for (Lane lane : lanes) {
        ended &= lane.thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  private void failAll(InferenceException why) {
    failWaiting(why);
    List<Waiting> left;
    lock.lock();
    try {
      left = lanes.stream().flatMap(lane -> lane.running.stream()).toList();
    } finally {
      lock.unlock();
    }
    left.forEach(each -> each.answer().completeExceptionally(why));
  }

  private void failWaiting(InferenceException why) {
    List<Waiting> left;
    lock.lock();
    try {
      closed = true;
      left = waiting.drain();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(each -> {
      each.frame().close();
      each.answer().completeExceptionally(why);
    });
  }

  private InferenceException closedException() {
    return new InferenceException("segmenter is closed: release=" + release);
  }
}
