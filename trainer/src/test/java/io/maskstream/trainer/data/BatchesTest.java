package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.Batches.Plan;
import io.maskstream.video.Size;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchesTest {

  private static final Augmentation STANDARD = Augmentation.standard(new Size(16, 12));

  /// A copy of a batch, which outlives it.
  private record Copy(long step, List<String> names, String rgb, String labels) {

    static Copy of(Batch batch) {
      byte[] rgb = new byte[batch.rgb().remaining()];
      batch.rgb().duplicate().get(rgb);
      long[] labels = new long[batch.labels().remaining()];
      batch.labels().duplicate().get(labels);
      return new Copy(batch.step(), batch.names(), Arrays.toString(rgb), Arrays.toString(labels));
    }
  }

  @Test
  void makesTheSameBatchesWhateverTheNumberOfWorkers() {
    LabelledSet set = noise(7);
    for (Sampling sampling : Sampling.values()) {
      List<Copy> alone = take(set, new Plan(3, sampling, STANDARD, 5, 1, 2), 0, 3);
      assertThat(take(set, new Plan(3, sampling, STANDARD, 5, 4, 3), 0, 3)).isEqualTo(alone);
      assertThat(alone).extracting(Copy::step).containsExactly(0L, 1L, 2L);
      if (sampling != Sampling.IN_ORDER) {
        assertThat(take(set, new Plan(3, sampling, STANDARD, 6, 4, 3), 0, 3)).isNotEqualTo(alone);
      }
    }
  }

  @Test
  void goesOnAtAnyStepAsIfItHadBegunAtTheFirst() {
    LabelledSet set = noise(7);
    Plan plan = Plan.training(2, STANDARD, 5, 2);
    List<Copy> all = take(set, plan, 0, 12);
    assertThat(take(set, plan, 9, 3)).isEqualTo(all.subList(9, 12));
  }

  @Test
  void showsEachPictureOnceAPassAndEachPassInAnotherOrder() {
    LabelledSet set = Drawn.numbered(10, 4, 2);
    List<Copy> batches = take(set, Plan.training(5, Augmentation.NONE, 3, 2), 0, 4);
    List<String> first = names(batches.subList(0, 2));
    List<String> second = names(batches.subList(2, 4));
    assertThat(first).doesNotHaveDuplicates().hasSize(10);
    assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
  }

  @Test
  void drawsWithReplacementWhereAsked() {
    LabelledSet set = Drawn.numbered(10, 4, 2);
    List<String> drawn =
        names(take(set, new Plan(5, Sampling.DRAWN, Augmentation.NONE, 3, 2, 3), 0, 20));
    assertThat(new HashSet<>(drawn.subList(0, 10))).hasSizeLessThan(10);
    assertThat(new HashSet<>(drawn)).hasSize(10);
  }

  @Test
  void endsAPassInOrderWithTheLastPicture() {
    LabelledSet set = Drawn.numbered(5, 4, 2);
    try (Batches batches = Batches.open(set, Plan.scoring(2, 2), 0)) {
      List<String> names = new ArrayList<>();
      while (batches.hasNext()) {
        names.addAll(batches.next().names());
      }
      assertThat(names).containsExactly("number-0", "number-1", "number-2", "number-3", "number-4");
      assertThatThrownBy(batches::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void laysPicturesOutPixelByPixelAndLabelsAsLongs() {
    LabelledSet set = Drawn.numbered(5, 4, 2);
    try (Batches batches = Batches.open(set, Plan.scoring(2, 1), 1)) {
      Batch batch = batches.next();
      assertThat(batch.size()).isEqualTo(2);
      assertThat(batch.width()).isEqualTo(4);
      assertThat(batch.height()).isEqualTo(2);
      assertThat(batch.rgb().isDirect()).isTrue();
      assertThat(batch.labels().isDirect()).isTrue();
      assertThat(batch.labels().order()).isEqualTo(ByteOrder.nativeOrder());
      assertThat(batch.rgb().remaining()).isEqualTo(2 * 2 * 4 * 3);
      assertThat(batch.rgb().get(0)).isEqualTo((byte) 2);
      assertThat(batch.rgb().get(24)).isEqualTo((byte) 3);
      long[] labels = new long[16];
      batch.labels().get(labels);
      assertThat(labels).containsExactly(0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1);
    }
  }

  @Test
  void readsNoFurtherAheadThanAllowed() throws InterruptedException {
    Semaphore read = new Semaphore(0);
    LabelledSet counted =
        reading(
            100,
            i -> {
              read.release();
              return Drawn.noise(i, 8, 8);
            });
    try (Batches batches =
        Batches.open(counted, new Plan(1, Sampling.IN_ORDER, Augmentation.NONE, 0, 3, 4), 0)) {
      read.acquire(4);
      batches.next();
      batches.next(); // hands the first one's buffers back
      read.acquire(1);
    }
    assertThat(read.availablePermits()).isZero();
  }

  @Test
  void throwsWhatTheSetThrewAtTheBatchThatItConcerns() {
    LabelledSetException broken = new LabelledSetException("cannot read image 7.png");
    LabelledSet set =
        reading(
            10,
            i -> {
              if (i == 2) {
                throw broken;
              }
              return Drawn.noise(i, 8, 8);
            });
    try (Batches batches = Batches.open(set, Plan.scoring(1, 3), 0)) {
      assertThat(batches.next().names()).containsExactly("noise-0");
      assertThat(batches.next().names()).containsExactly("noise-1");
      assertThatThrownBy(batches::next).isSameAs(broken);
      assertThatThrownBy(batches::next).isSameAs(broken);
    }
  }

  @Test
  void saysWhichPicturesOfABatchDifferInSize() {
    LabelledSet set = reading(2, i -> Drawn.noise(i, 8 + i, 8));
    try (Batches batches = Batches.open(set, Plan.scoring(2, 1), 0)) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(LabelledSetException.class)
          .hasMessage(
              "pictures of one batch differ in size: noise-0 is 8x8, noise-1 is 9x8; set a crop "
                  + "size, or a batch size of 1");
    }
  }

  @Test
  void growsItsBuffersWithThePictures() {
    LabelledSet set = reading(6, i -> Drawn.noise(i, 8 + 40 * i, 8));
    try (Batches batches = Batches.open(set, Plan.scoring(1, 2), 0)) {
      for (int i = 0; i < 6; i++) {
        Batch batch = batches.next();
        byte[] rgb = new byte[batch.rgb().remaining()];
        batch.rgb().get(rgb);
        assertThat(rgb).isEqualTo(Drawn.noise(i, 8 + 40 * i, 8).picture().rgb());
      }
    }
  }

  @Test
  void endsItsThreadsWhileTheyReadAndWhileTheyWait() throws InterruptedException {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Thread> workers = new ArrayList<>();
    LabelledSet slow =
        reading(
            100,
            i -> {
              synchronized (workers) {
                workers.add(Thread.currentThread());
              }
              reading.countDown();
              awaitQuietly(goOn);
              return Drawn.noise(i, 8, 8);
            });
    Batches batches = Batches.open(slow, Plan.training(8, Augmentation.NONE, 0, 1), 0);
    reading.await();
    Thread closing = Thread.ofVirtual().start(batches::close);
    goOn.countDown();
    closing.join();
    assertThat(workers).isNotEmpty().noneMatch(Thread::isAlive);
    assertThatThrownBy(batches::next).hasMessage("batches are closed");
    batches.close();
  }

  @Test
  void givesUpWaitingWhenItsThreadIsInterrupted() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    LabelledSet slow =
        reading(
            1,
            i -> {
              awaitQuietly(goOn);
              return Drawn.noise(i, 8, 8);
            });
    Thread.currentThread().interrupt();
    try (Batches batches = Batches.open(slow, Plan.scoring(1, 1), 0)) {
      assertThatThrownBy(batches::next)
          .hasMessageContaining("interrupted")
          .hasMessageContaining("0");
      assertThat(Thread.interrupted()).isTrue();
      goOn.countDown();
    }
  }

  @Test
  void saysHowMuchOfItsTimeTheConsumerWaited() {
    // asked, got; the first batch does not count: 100 of work, 20 of waiting, 60 and 20.
    Queue<Long> times = new ArrayDeque<>(List.of(0L, 1000L, 1100L, 1120L, 1180L, 1200L));
    try (Batches batches =
        Batches.open(Drawn.numbered(9, 4, 2), Plan.scoring(1, 1), 0, times::remove)) {
      assertThat(batches.waitingFraction()).isZero();
      batches.next();
      assertThat(batches.waitingFraction()).isZero();
      batches.next();
      batches.next();
      assertThat(batches.waitingFraction()).isEqualTo(0.2);
    }
  }

  @Test
  void refusesPlansThatCannotWork() {
    assertThatThrownBy(() -> new Plan(0, Sampling.DRAWN, Augmentation.NONE, 0, 1, 2))
        .hasMessageContaining("batchSize=0");
    assertThatThrownBy(() -> new Plan(1, Sampling.DRAWN, Augmentation.NONE, 0, 1, 1))
        .hasMessageContaining("ahead=1");
    assertThatThrownBy(() -> Batches.open(noise(1), Plan.scoring(1, 1), -1))
        .hasMessageContaining("firstStep=-1");
  }

  private static LabelledSet noise(int count) {
    return reading(count, i -> Drawn.noise(i, 20, 15));
  }

  private static LabelledSet reading(int count, IntFunction<LabelledPicture> reader) {
    return new LabelledSet() {
      @Override
      public Palette classes() {
        return Palette.numbered(4);
      }

      @Override
      public int size() {
        return count;
      }

      @Override
      public String name(int index) {
        return "noise-" + index;
      }

      @Override
      public LabelledPicture read(int index) {
        return reader.apply(index);
      }
    };
  }

  private static List<Copy> take(LabelledSet set, Plan plan, long firstStep, int count) {
    List<Copy> copies = new ArrayList<>();
    try (Batches batches = Batches.open(set, plan, firstStep)) {
      for (int i = 0; i < count; i++) {
        copies.add(Copy.of(batches.next()));
      }
    }
    return copies;
  }

  private static List<String> names(List<Copy> batches) {
    return batches.stream().flatMap(batch -> batch.names().stream()).toList();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
