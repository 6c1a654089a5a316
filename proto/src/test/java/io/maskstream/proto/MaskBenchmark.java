package io.maskstream.proto;

import io.maskstream.proto.v1.Mask;
import io.maskstream.proto.v1.RunLengths;
import java.util.concurrent.TimeUnit;
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

/// Coding of a 1080p class map, in microseconds.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskBenchmark {

  @Param({"street", "specked"})
  public String scene = "";

  private byte[] classes = {};

  private Mask mask = Mask.getDefaultInstance();

  @Setup
  public void paint() {
    classes = scene.equals("street") ? Scenes.street() : Scenes.specked();
    mask =
        Mask.newBuilder()
            .setWidth(Scenes.WIDTH)
            .setHeight(Scenes.HEIGHT)
            .setRunLengths(encode())
            .build();
  }

  @Benchmark
  public Runs runs() {
    return Runs.of(classes);
  }

  @Benchmark
  public RunLengths encode() {
    return Masks.encode(classes, Scenes.WIDTH, Scenes.HEIGHT);
  }

  @Benchmark
  public byte[] encodeToBytes() {
    return Masks.encode(classes, Scenes.WIDTH, Scenes.HEIGHT).toByteArray();
  }

  @Benchmark
  public byte[] encodePng() {
    return Masks.encodePng(classes, Scenes.WIDTH, Scenes.HEIGHT);
  }

  @Benchmark
  public byte[] decode() {
    return Masks.decode(mask);
  }

  @Benchmark
  public long[] areas() {
    return Masks.areas(mask);
  }
}
