package io.maskstream.statistics;

import io.maskstream.inference.ClassMap.Confidence;
import io.maskstream.video.Size;
import io.maskstream.wire.RunLengths;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Statistics of a 1080p mask with its confidence on the score grid of stride 8, in microseconds.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatisticsBenchmark {

  private static final int WIDTH = 1920;
  private static final int HEIGHT = 1080;
  private static final List<String> NAMES =
      IntStream.range(0, 19).mapToObj(classId -> "class " + classId).toList();

  @Param({"12000", "37000"})
  public int runs;

  private final Confidence confidence =
      new Confidence(new Size(WIDTH / 8, HEIGHT / 8), new byte[WIDTH / 8 * (HEIGHT / 8)]);
  private RunLengths mask = RunLengths.of(new byte[1], 1, 1);

  @Setup
  public void paint() {
    Random random = new Random(1);
    byte[] classes = new byte[WIDTH * HEIGHT];
    int mean = classes.length / runs;
    for (int at = 0; at < classes.length; ) {
      int end = Math.min(classes.length, at + 1 + random.nextInt(2 * mean));
      Arrays.fill(classes, at, end, (byte) random.nextInt(19));
      at = end;
    }
    random.nextBytes(confidence.values());
    mask = RunLengths.of(classes, WIDTH, HEIGHT);
  }

  @Benchmark
  public FrameAreas areas() {
    return FrameAreas.of(mask, null, NAMES);
  }

  @Benchmark
  public FrameAreas areasWithConfidence() {
    return FrameAreas.of(mask, confidence, NAMES);
  }
}
