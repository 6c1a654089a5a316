package io.maskstream.trainer.data;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Batches made ahead by worker threads and handed out in order.
///
/// What batch k holds depends on the set, the plan and k alone: not on the number of workers, nor
/// on where the training began, so a training that is resumed at step k sees what it would have
/// seen.
///
/// [#next] and [#close] belong to one thread, the consumer. Owns its workers and its buffers; both
/// are gone after [#close]. Closing does not close the set.
public final class Batches implements AutoCloseable {

  /// How batches are made.
  ///
  /// @param batchSize pictures a batch; the last of a pass in order may have fewer
  /// @param workers threads that read and augment
  /// @param ahead batches in memory at most, the consumer's own among them; at least 2
  public record Plan(
      int batchSize,
      Sampling sampling,
      Augmentation augmentation,
      long seed,
      int workers,
      int ahead) {

    public Plan {
      if (batchSize < 1 || workers < 1 || ahead < 2) {
        throw new IllegalArgumentException(
            "batches are out of range: batchSize=%d workers=%d ahead=%d; at least 1, 1 and 2"
                .formatted(batchSize, workers, ahead));
      }
    }

    /// Shuffled and augmented.
    public static Plan training(int batchSize, Augmentation augmentation, long seed, int workers) {
      return training(batchSize, Sampling.SHUFFLED, augmentation, seed, workers);
    }

    /// Augmented.
    public static Plan training(
        int batchSize, Sampling sampling, Augmentation augmentation, long seed, int workers) {
      return new Plan(batchSize, sampling, augmentation, seed, workers, 2 + workers);
    }

    /// One pass in order, whole pictures as they are.
    public static Plan scoring(int batchSize, int workers) {
      return new Plan(batchSize, Sampling.IN_ORDER, Augmentation.NONE, 0, workers, 2 + workers);
    }
  }

  private final LabelledSet set;
  private final Plan plan;
  private final long end;
  private final LongSupplier nanoTime;
  private final List<Thread> workers = new ArrayList<>();

  /// Batch k is made in slot k modulo their number, once the consumer is done with the one before.
  private final Slot[] slots;

  private final Object lock = new Object();
  private long toMake;
  private long toHandOut;
  private @Nullable Slot lent;
  private boolean closed;

  private long waitedNanos;
  private long firstNanos;
  private long lastNanos;
  private boolean begun;

  private Batches(LabelledSet set, Plan plan, long firstStep, LongSupplier nanoTime) {
    this.set = set;
    this.plan = plan;
    this.nanoTime = nanoTime;
    this.toMake = firstStep;
    this.toHandOut = firstStep;
    this.end =
        plan.sampling() == Sampling.IN_ORDER
            ? Math.ceilDiv(set.size(), plan.batchSize())
            : Long.MAX_VALUE;
    this.slots = new Slot[plan.ahead()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
  }

  /// Starts the workers.
  ///
  /// @param firstStep the batch that [#next] gives first
  public static Batches open(LabelledSet set, Plan plan, long firstStep) {
    return open(set, plan, firstStep, System::nanoTime);
  }

  static Batches open(LabelledSet set, Plan plan, long firstStep, LongSupplier nanoTime) {
    if (firstStep < 0 || set.size() < 1) {
      throw new IllegalArgumentException(
          "no batches: firstStep=%d pictures=%d".formatted(firstStep, set.size()));
    }
    Batches batches = new Batches(set, plan, firstStep, nanoTime);
    for (int i = 0; i < plan.workers(); i++) {
      batches.workers.add(Thread.ofPlatform().daemon().name("batches-" + i).start(batches::work));
    }
    return batches;
  }

  /// The names of the lists of classes that its pictures are labelled by besides the main one.
  public Set<String> further() {
    return set.further().keySet();
  }

  /// Whether [#next] has another; always, unless pictures come in order.
  public boolean hasNext() {
    return toHandOut < end;
  }

  /// The next batch; takes back the buffers of the one before. Waits for the workers.
  ///
  /// @throws LabelledSetException or whatever else the set threw, as it was thrown
  public Batch next() {
    long asked = nanoTime.getAsLong();
    Batch batch;
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("batches are closed");
      }
      if (!hasNext()) {
        throw new NoSuchElementException("the pass is over: batches=" + end);
      }
      if (lent != null) {
        lent.release();
        lent = null;
        lock.notifyAll();
      }
      Slot slot = slot(toHandOut);
      while (!slot.isDone(toHandOut)) {
        waitForChange();
      }
      batch = slot.take();
      lent = slot;
      toHandOut++;
    }
    count(asked, nanoTime.getAsLong());
    return batch;
  }

  /// The share of its time that the consumer has waited in [#next], since it got its first batch; 0
  /// to 1.
  public double waitingFraction() {
    return lastNanos == firstNanos ? 0 : waitedNanos / (double) (lastNanos - firstNanos);
  }

  /// Ends the workers, waits for them and frees the buffers. May be called again.
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    boolean interrupted = false;
    for (Thread worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    for (Slot slot : slots) {
      slot.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(long asked, long got) {
    if (begun) {
      waitedNanos += got - asked;
    } else {
      begun = true;
      firstNanos = got;
    }
    lastNanos = got;
  }

  private void waitForChange() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for batch " + toHandOut, e);
    }
  }

  private Slot slot(long step) {
    return slots[(int) (step % slots.length)];
  }

  private void work() {
    for (long step = begin(); step >= 0; step = begin()) {
      Slot slot = slot(step);
      Batch batch = null;
      Throwable failure = null;
      try {
        batch = slot.fill(step, pictures(step));
      } catch (Throwable e) { // the consumer's to handle, whatever it is
        failure = e;
      }
      synchronized (lock) {
        slot.done(step, batch, failure);
        lock.notifyAll();
      }
    }
  }

  /// The next step to make, with its slot taken; negative when there is none left.
  private long begin() {
    synchronized (lock) {
      while (!closed && toMake < end) {
        if (slot(toMake).begin()) {
          return toMake++;
        }
        try {
          lock.wait();
        } catch (InterruptedException e) {
          return -1; // nobody but the end of the program interrupts a worker
        }
      }
      return -1;
    }
  }

  private List<LabelledPicture> pictures(long step) {
    long first = step * plan.batchSize();
    int count =
        plan.sampling() == Sampling.IN_ORDER
            ? (int) Math.min(plan.batchSize(), set.size() - first)
            : plan.batchSize();
    List<LabelledPicture> pictures = new ArrayList<>(count);
    for (long position = first; position < first + count; position++) {
      synchronized (lock) {
        if (closed) {
          throw new IllegalStateException("batches are closed");
        }
      }
      int index = plan.sampling().index(position, set.size(), plan.seed());
      pictures.add(
          plan.augmentation()
              .apply(set.read(index), new SplittableRandom(Seeds.of(~plan.seed(), position))));
    }
    return pictures;
  }

  /// The memory of one batch, and who has it. Its state is guarded by the lock of [Batches]; its
  /// memory is filled by the one worker that has begun it.
  private static final class Slot implements AutoCloseable {

    private final BatchMemory memory = new BatchMemory();
    private boolean taken;
    private long step = -1;
    private @Nullable Batch batch;
    private @Nullable Throwable failure;

    boolean begin() {
      if (taken) {
        return false;
      }
      taken = true;
      return true;
    }

    Batch fill(long of, List<LabelledPicture> pictures) {
      return memory.fill(of, pictures);
    }

    void done(long of, @Nullable Batch made, @Nullable Throwable thrown) {
      step = of;
      batch = made;
      failure = thrown;
    }

    boolean isDone(long of) {
      return step == of && (batch != null || failure != null);
    }

    Batch take() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (batch == null) {
        throw new IllegalStateException("batch " + step + " was not made", failure);
      }
      return batch;
    }

    /// Takes the batch back from the consumer.
    void release() {
      batch = null;
      taken = false;
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
