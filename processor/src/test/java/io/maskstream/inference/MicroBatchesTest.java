package io.maskstream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.MicroBatches.Waiting;
import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {

  private static final Size SMALL = new Size(2, 1);
  private static final Size LARGE = new Size(4, 2);

  private final MicroBatches batches = new MicroBatches(3, 100);

  @Test
  void closesWhenFullWithoutWaiting() {
    List<Waiting> frames = List.of(add(SMALL, 0), add(SMALL, 1), add(SMALL, 2), add(SMALL, 3));
    assertThat(batches.nanosUntilClosed(3)).isZero();
    assertThat(batches.poll(3)).isEqualTo(frames.subList(0, 3));
    assertThat(batches.poll(3)).isEmpty();
    assertThat(batches.count()).isEqualTo(1);
  }

  @Test
  void closesWhenTheOldestFrameHasWaitedTheLongestWait() {
    Waiting first = add(SMALL, 0);
    Waiting second = add(SMALL, 60);
    assertThat(batches.nanosUntilClosed(60)).isEqualTo(40);
    assertThat(batches.poll(99)).isEmpty();
    assertThat(batches.poll(100)).containsExactly(first, second);
    assertThat(batches.nanosUntilClosed(100)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void neverMixesSizes() {
    Waiting small = add(SMALL, 0);
    Waiting large = add(LARGE, 1);
    Waiting smallAgain = add(SMALL, 2);
    assertThat(batches.poll(200)).containsExactly(small, smallAgain);
    assertThat(batches.poll(200)).containsExactly(large);
  }

  @Test
  void servesTheFrameThatHasWaitedLongestFirstEvenIfAnotherSizeIsFull() {
    Waiting large = add(LARGE, 0);
    add(SMALL, 150);
    add(SMALL, 150);
    add(SMALL, 150);
    assertThat(batches.poll(150)).containsExactly(large);
    assertThat(batches.poll(150)).hasSize(3);
  }

  @Test
  void takesWhatIsThereWhenNothingMayWait() {
    MicroBatches eager = new MicroBatches(8, 0);
    eager.add(waiting(SMALL, 5));
    eager.add(waiting(SMALL, 5));
    assertThat(eager.poll(5)).hasSize(2);
  }

  @Test
  void comparesTimesAcrossTheOverflowOfTheClock() {
    add(SMALL, Long.MAX_VALUE - 10);
    assertThat(batches.poll(Long.MIN_VALUE + 20)).isEmpty();
    assertThat(batches.poll(Long.MIN_VALUE + 100)).hasSize(1);
  }

  @Test
  void drainsEverySize() {
    add(SMALL, 0);
    add(LARGE, 0);
    assertThat(batches.drain()).hasSize(2);
    assertThat(batches.count()).isZero();
  }

  private Waiting add(Size size, long now) {
    Waiting waiting = waiting(size, now);
    batches.add(waiting);
    return waiting;
  }

  private static Waiting waiting(Size size, long now) {
    ByteBuffer rgb = ByteBuffer.allocateDirect((int) size.pixels() * 3);
    return new Waiting(new Frame(size, size, rgb, _ -> {}), new CompletableFuture<>(), now);
  }
}
