package io.maskstream.topology;

import io.maskstream.inference.ClassMap;
import io.maskstream.inference.InferenceException;
import io.maskstream.inference.Segmented;
import io.maskstream.inference.Segmenter;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A segmenter that answers when a test says so. Its class map is the first bytes of the picture.
final class HandSegmenter implements Segmenter {

  static final Release RELEASE = new Release("paper", "1", "ab".repeat(32));

  private final Release release;

  HandSegmenter() {
    this(RELEASE);
  }

  HandSegmenter(Release release) {
    this.release = release;
  }

  private record Job(byte[] classes, CompletableFuture<Segmented> answer) {}

  private final List<Job> waiting = new ArrayList<>();
  private boolean atOnce;

  private int noisySide;

  /// From now on class maps are noise of this many rows and columns, which has a run a pixel.
  void drawNoise(int side) {
    noisySide = side;
  }

  HandSegmenter answeringAtOnce(boolean now) {
    atOnce = now;
    return this;
  }

  int waiting() {
    return waiting.size();
  }

  /// Answers one frame of those that wait, the oldest being 0.
  void answer(int index) {
    answer(waiting.remove(index));
  }

  void answerAll() {
    while (!waiting.isEmpty()) {
      answer(0);
    }
  }

  void fail(int index, String why) {
    waiting.remove(index).answer().completeExceptionally(new InferenceException(why));
  }

  @Override
  public Grid grid() {
    return size -> size;
  }

  @Override
  public List<String> classNames() {
    return List.of("nothing", "something");
  }

  @Override
  public CompletableFuture<Segmented> submit(Frame frame) {
    byte[] classes = new byte[4];
    frame.rgb().get(classes);
    frame.close();
    Job job = new Job(classes, new CompletableFuture<>());
    if (atOnce) {
      answer(job);
    } else {
      waiting.add(job);
    }
    return job.answer();
  }

  @Override
  public void close() {}

  private void answer(Job job) {
    Size size = noisySide == 0 ? PaperDecoder.SIZE : new Size(noisySide, noisySide);
    byte[] classes = noisySide == 0 ? job.classes() : new byte[(int) size.pixels()];
    for (int pixel = 0; noisySide > 0 && pixel < classes.length; pixel++) {
      classes[pixel] = (byte) (pixel % 2);
    }
    job.answer()
        .complete(
            new Segmented(
                new ClassMap(size, classes, null),
                release,
                Duration.ZERO,
                Duration.ofMillis(1),
                1));
  }
}
