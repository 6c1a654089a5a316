package io.maskstream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.release.Graphs;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The segmenter on ONNX Runtime itself, with graphs that give a frame's red byte as its class.
@Timeout(60)
class OnnxSegmenterTest {

  private static final Size SMALL = new Size(8, 6);
  private static final Size LARGE = new Size(32, 10);
  private static final Duration LONG = Duration.ofHours(1);

  /// The graph of Graphs.echo fails on bytes from here on, that of Graphs.endless never ends.
  private static final int POISON = 200;

  private final AtomicInteger open = new AtomicInteger();
  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final List<InferenceException> failures = new CopyOnWriteArrayList<>();
  private final InferenceObserver observer =
      new InferenceObserver() {
        @Override
        public void ran(Release release, Provider provider, int size, Duration inference) {
          batches.add(size);
        }

        @Override
        public void failed(Release release, Provider provider, InferenceException failure) {
          failures.add(failure);
        }
      };

  @AfterEach
  void everyFrameIsClosed() {
    assertThat(open).hasValue(0);
  }

  @Test
  void groupsFramesOfOneSizeAndAnswersEachWithItsOwnClassMap() throws Exception {
    try (OnnxSegmenter segmenter = segmenter(Graphs.echo(), 2, LONG)) {
      var first = segmenter.submit(frame(SMALL, 1));
      var other = segmenter.submit(frame(LARGE, 2));
      var second = segmenter.submit(frame(SMALL, 3));
      var otherSecond = segmenter.submit(frame(LARGE, 4));
      assertAnswer(first, SMALL, 1, 2);
      assertAnswer(second, SMALL, 3, 2);
      assertAnswer(other, LARGE, 2, 2);
      assertAnswer(otherSecond, LARGE, 4, 2);
    }
    assertThat(batches).containsExactly(2, 2);
  }

  @Test
  void runsABatchOfOneOnTheFramesOwnPixels() throws Exception {
    try (OnnxSegmenter segmenter = segmenter(Graphs.echo(), 1, LONG)) {
      for (int red = 0; red < 20; red++) {
        assertAnswer(
            segmenter.submit(frame(red % 2 == 0 ? SMALL : LARGE, red)),
            red % 2 == 0 ? SMALL : LARGE,
            red,
            1);
      }
    }
  }

  @Test
  void failsOnlyTheFrameOnWhichTheNetworkFails() throws Exception {
    try (OnnxSegmenter segmenter = segmenter(Graphs.echo(), 4, LONG)) {
      var before = segmenter.submit(frame(SMALL, 7));
      var poison = segmenter.submit(frame(SMALL, POISON));
      var after = segmenter.submit(frame(SMALL, 8));
      var last = segmenter.submit(frame(SMALL, 9));
      assertAnswer(before, SMALL, 7, 1);
      assertAnswer(after, SMALL, 8, 1);
      assertAnswer(last, SMALL, 9, 1);
      assertThatThrownBy(poison::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(InferenceException.class)
          .hasMessageContaining("release=echo-1")
          .hasMessageContaining("size=8x6");
      assertAnswer(submitFour(segmenter).getLast(), SMALL, 3, 4);
    }
    assertThat(failures).hasSize(1);
  }

  private List<CompletableFuture<Segmented>> submitFour(OnnxSegmenter segmenter) {
    List<CompletableFuture<Segmented>> answers = new ArrayList<>();
    for (int red = 0; red < 4; red++) {
      answers.add(segmenter.submit(frame(SMALL, red)));
    }
    return answers;
  }

  @Test
  void neverMixesFramesOfManyCamerasThatSubmitAtOnce() throws Exception {
    int cameras = 6;
    int frames = 150;
    try (OnnxSegmenter segmenter = segmenter(Graphs.echo(), 5, Duration.ofMillis(1))) {
      List<Thread> threads = new ArrayList<>();
      List<String> wrong = new CopyOnWriteArrayList<>();
      for (int camera = 0; camera < cameras; camera++) {
        int own = camera;
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  List<CompletableFuture<Segmented>> answers = new ArrayList<>();
                  for (int i = 0; i < frames; i++) {
                    int red = i % 37 == 36 ? POISON + own : (own * 31 + i) % POISON;
                    answers.add(segmenter.submit(frame(own % 2 == 0 ? SMALL : LARGE, red)));
                  }
                  for (int i = 0; i < frames; i++) {
                    boolean poisoned = i % 37 == 36;
                    Segmented made = answers.get(i).exceptionally(_ -> null).join();
                    boolean right =
                        poisoned
                            ? made == null
                            : made != null
                                && made.classMap().classes()[0] == (byte) ((own * 31 + i) % POISON);
                    if (!right) {
                      wrong.add("camera " + own + " frame " + i);
                    }
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(wrong).isEmpty();
    }
    assertThat(failures).hasSize(cameras * (frames / 37));
  }

  @Test
  void endsARunThatGoesPastItsDeadlineAndGoesOn() throws Exception {
    InferenceSettings settings = settings(1, Duration.ZERO).withDeadline(Duration.ofMillis(300));
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(Graphs.endless(), settings, observer)) {
      var stuck = segmenter.submit(frame(SMALL, POISON));
      var next = segmenter.submit(frame(SMALL, 5));
      assertThatThrownBy(stuck::join)
          .hasMessageContaining("longer than 300 ms")
          .hasMessageContaining("release=endless-1");
      assertAnswer(next, SMALL, 5, 1);
    }
  }

  @Test
  void closesWithinSecondsAlthoughARunIsStuck() {
    InferenceSettings settings = settings(1, Duration.ZERO).withDeadline(LONG);
    OnnxSegmenter segmenter = OnnxSegmenter.open(Graphs.endless(), settings, observer);
    var stuck = segmenter.submit(frame(SMALL, POISON));
    var waiting = segmenter.submit(frame(SMALL, 1));
    long start = System.nanoTime();
    segmenter.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    assertThatThrownBy(waiting::join).hasMessageContaining("segmenter is closed");
    assertThatThrownBy(stuck::join).hasCauseInstanceOf(InferenceException.class);
  }

  @Test
  void aStuckRunHoldsUpOnlyItsOwnLane() throws Exception {
    InferenceSettings settings = settings(1, Duration.ZERO).withDeadline(LONG).withRuns(2);
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(Graphs.endless(), settings, observer)) {
      var stuck = segmenter.submit(frame(SMALL, POISON));
      for (int value = 1; value < 6; value++) {
        assertAnswer(segmenter.submit(frame(SMALL, value)), SMALL, value, 1);
      }
      assertThat(stuck).isNotDone();
    }
  }

  @Test
  void failsWhatWaitsWhenItIsClosed() {
    OnnxSegmenter segmenter = segmenter(Graphs.echo(), 8, LONG);
    var waiting = segmenter.submit(frame(SMALL, 1));
    assertThat(segmenter.queued()).isEqualTo(1);
    segmenter.close();
    assertThatThrownBy(waiting::join)
        .hasCauseInstanceOf(InferenceException.class)
        .hasMessageContaining("release=echo-1");
    assertThatThrownBy(segmenter.submit(frame(SMALL, 2))::join)
        .hasMessageContaining("segmenter is closed");
    segmenter.close();
  }

  @Test
  void canBeClosedFromAnAnswer() throws Exception {
    OnnxSegmenter segmenter = segmenter(Graphs.echo(), 1, LONG);
    segmenter.submit(frame(SMALL, 1)).thenRun(segmenter::close).get(20, TimeUnit.SECONDS);
    segmenter.close();
  }

  @Test
  void refusesAFrameOfASizeThatTheGraphDoesNotTake() {
    try (OnnxSegmenter segmenter = segmenter(Graphs.echo(), 1, LONG)) {
      assertThatThrownBy(segmenter.submit(frame(new Size(1001, 1000), 1))::join)
          .hasMessageContaining("frame is 1001x1000")
          .hasMessageContaining("release=echo-1");
    }
  }

  @Test
  void runsOneByOneWhereTheGraphTakesNoBatch() throws Exception {
    try (OnnxSegmenter segmenter = segmenter(Graphs.echoOneByOne(), 8, LONG)) {
      assertThat(segmenter.batchMax()).isEqualTo(1);
      assertAnswer(segmenter.submit(frame(SMALL, 6)), SMALL, 6, 1);
    }
  }

  @Test
  void refusesToStartOnCudaInABuildForTheCpuAndSaysWhy() {
    InferenceSettings settings = settings(1, LONG).withProvider(Provider.CUDA);
    assertThatThrownBy(() -> OnnxSegmenter.open(Graphs.echo(), settings, observer))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("provider=cuda cannot start")
        .hasMessageContaining("-Pcuda");
  }

  @Test
  void fallsBackToTheCpuWhenItMayChooseAndSaysSo() throws Exception {
    InferenceSettings settings = settings(0, LONG).withProvider(Provider.AUTO);
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(Graphs.echo(), settings, observer)) {
      assertThat(segmenter.provider()).isEqualTo(Provider.CPU);
      assertThat(segmenter.batchMax()).isEqualTo(InferenceSettings.CPU_BATCH);
      assertAnswer(segmenter.submit(frame(SMALL, 6)), SMALL, 6, 1);
    }
  }

  @Test
  void measuresTheBareRuntime() {
    BareRun run =
        BareRun.measure(Graphs.first(), settings(1, LONG), new Size(4, 4), 3, Duration.ZERO);
    assertThat(run.runs()).isEqualTo(3);
    assertThat(run.framesPerSecond()).isPositive();
  }

  private OnnxSegmenter segmenter(ReleaseFile release, int max, Duration wait) {
    return OnnxSegmenter.open(release, settings(max, wait), observer);
  }

  private static InferenceSettings settings(int max, Duration wait) {
    return InferenceSettings.standard().withProvider(Provider.CPU).withRuns(1).withBatch(max, wait);
  }

  private Frame frame(Size size, int red) {
    ByteBuffer rgb = ByteBuffer.allocateDirect((int) size.pixels() * 3);
    while (rgb.hasRemaining()) {
      rgb.put((byte) red).put((byte) 1).put((byte) 2);
    }
    open.incrementAndGet();
    return new Frame(size, size, rgb.flip(), _ -> open.decrementAndGet());
  }

  private static void assertAnswer(
      CompletableFuture<Segmented> answer, Size size, int red, int batchSize)
      throws InterruptedException, ExecutionException, TimeoutException {
    Segmented made = answer.get(20, TimeUnit.SECONDS);
    assertThat(made.batchSize()).isEqualTo(batchSize);
    assertThat(made.classMap().size()).isEqualTo(size);
    assertThat(made.classMap().classes()).containsOnly(red);
    assertThat(made.classMap().confidence()).isNull();
    assertThat(made.release().name()).isIn("echo", "endless");
    assertThat(made.inference()).isPositive();
    assertThat(made.queued()).isGreaterThanOrEqualTo(Duration.ZERO);
  }
}
