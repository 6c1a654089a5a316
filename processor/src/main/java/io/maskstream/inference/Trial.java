package io.maskstream.inference;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import io.maskstream.release.GoldenFrame;
import io.maskstream.release.GoldenFrames;
import io.maskstream.release.InputSize;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a candidate as it would be served and looks at what it gives. Meant for a process of its
/// own: what the candidate allocates, how long it takes and whether it crashes is not bounded here.
final class Trial {

  private static final Size USUAL = new Size(640, 480);

  /// The cores' own time is counted in hundredths of a second.
  private static final Duration TIMED = Duration.ofMillis(400);

  /// A frame, and what the release gave for it when it was packaged, if that is known.
  private record Sample(Size size, byte[] pixels, Optional<GoldenFrame> golden) {}

  private final ReleaseFile release;
  private final ProofLimits limits;
  private final long ends;

  /// @param deadline from now
  Trial(ReleaseFile release, ProofLimits limits, Duration deadline) {
    this.release = release;
    this.limits = limits;
    ends = System.nanoTime() + deadline.toNanos();
  }

  /// @throws RefusedException saying what the candidate does wrong
  Verdict.Proven run() {
    List<Sample> samples = samples();
    long before = ProcessFigures.residentBytes();
    OnnxSession session = open();
    try {
      double differing = 0;
      List<ClassMap> maps = new ArrayList<>();
      for (Sample sample : samples) {
        ClassMap map = batch(session, sample, 1).getFirst();
        refuseNotANumber(session, sample);
        checkMap(sample, map);
        differing = Math.max(differing, golden(sample, map));
        maps.add(map);
      }
      int batchMax = release.freeBatch() ? limits.batchMax() : 1;
      for (int batch = Math.min(2, batchMax); batch > 1; batch = larger(batch, batchMax)) {
        compare(samples.getFirst(), maps.getFirst(), batch(session, samples.getFirst(), batch));
      }
      Duration frameTime = timed(session);
      return new Verdict.Proven(
          samples.size(),
          (int) samples.stream().filter(sample -> sample.golden().isPresent()).count(),
          differing,
          session.provider(),
          batchMax,
          frameTime,
          Math.max(0, ProcessFigures.peakBytes() - before));
    } finally {
      session.close();
    }
  }

  /// 2, 4, 8 and so on up to the largest; then 0.
  private static int larger(int batch, int most) {
    return batch == most ? 0 : Math.min(2 * batch, most);
  }

  private List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (GoldenFrame golden : GoldenFrames.of(release)) {
      samples.add(new Sample(golden.frame(), golden.pixels(), Optional.of(golden)));
    }
    Size size = release.inputSize().grid().fit(new Size(192, 128));
    for (int seed = 1; samples.size() < 2; seed++) {
      samples.add(new Sample(size, GoldenFrames.picture(size, seed), Optional.empty()));
    }
    return samples;
  }

  private OnnxSession open() {
    InferenceSettings settings =
        InferenceSettings.standard()
            .withProvider(limits.provider())
            .withRuns(1)
            .withBatch(limits.batchMax(), Duration.ZERO);
    try {
      return OnnxSession.open(release, settings).getFirst();
    } catch (InferenceException e) {
      throw refused(Reason.LOAD, e, "package it again, or for another version of ONNX Runtime");
    }
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(1, ends - System.nanoTime()));
  }

  private List<ClassMap> batch(OnnxSession session, Sample sample, int batch) {
    try {
      var input = session.input(sample.size(), batch);
      for (int i = 0; i < batch; i++) {
        input.put(sample.pixels());
      }
      session.run(input.flip(), sample.size(), batch, left());
      List<ClassMap> maps = new ArrayList<>();
      for (int i = 0; i < batch; i++) {
        maps.add(session.classMap(i));
      }
      return maps;
    } catch (InferenceException e) {
      throw refused(
          System.nanoTime() >= ends ? Reason.DEADLINE : batch > 1 ? Reason.BATCH : Reason.RUN,
          e,
          batch > 1 ? "package it for one frame a run" : "package it again");
    }
  }

  private RefusedException refused(Reason reason, InferenceException failure, String remedy) {
    String said = String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
    boolean memory = said.contains("bad_alloc") || said.contains("allocate memory");
    return new RefusedException(
        memory ? Reason.MEMORY : reason,
        said
            + "; "
            + (memory
                ? "it wants more than "
                    + limits.memoryBytes()
                    + " bytes: take a smaller net or "
                    + "size, or raise the proof's memory"
                : remedy),
        failure);
  }

  private void checkMap(Sample sample, ClassMap map) {
    boolean covers =
        map.size().equals(sample.size())
            || limits.coarserMaps()
                && map.size().width() <= sample.size().width()
                && map.size().height() <= sample.size().height();
    if (!covers) {
      throw new RefusedException(
          Reason.OUTPUT_SIZE,
          "release "
              + release
              + " gives classes "
              + map.size()
              + " for a frame "
              + sample.size()
              + "; export it with an upsampling to the size of its input");
    }
    int classes = release.palette().size();
    for (byte id : map.classes()) {
      int value = Byte.toUnsignedInt(id);
      if (value >= classes && value != 255) {
        throw new RefusedException(
            Reason.CLASSES,
            "release "
                + release
                + " gives class "
                + value
                + ", but names "
                + classes
                + " classes (0 to "
                + (classes - 1)
                + ", 255 = ignore); package it with --classes and all names");
      }
    }
  }

  private void refuseNotANumber(OnnxSession session, Sample sample) {
    if (session.notANumber(0)) {
      throw new RefusedException(
          Reason.NOT_A_NUMBER,
          "release "
              + release
              + " computes NaN for a frame "
              + sample.size()
              + "; train it again with a lower rate, or export it in 32 bits");
    }
  }

  private double golden(Sample sample, ClassMap map) {
    if (sample.golden().isEmpty()) {
      return 0;
    }
    double differing = sample.golden().get().differing(map.size(), map.classes());
    if (differing > GoldenFrames.MAX_DIFFERING) {
      throw new RefusedException(
          Reason.GOLDEN_FRAMES,
          String.format(
              "release %s gives another class in %.1f %% of the pixels of its golden frame %s, "
                  + "more than %.1f %%: it does not do here what it did when it was packaged; "
                  + "package it again with this version",
              release, 100 * differing, sample.size(), 100 * GoldenFrames.MAX_DIFFERING));
    }
    return differing;
  }

  private void compare(Sample sample, ClassMap alone, List<ClassMap> together) {
    for (ClassMap map : together) {
      int differing = 0;
      boolean same = map.size().equals(alone.size());
      for (int i = 0; same && i < map.classes().length; i++) {
        differing += map.classes()[i] == alone.classes()[i] ? 0 : 1;
      }
      if (!same || differing > GoldenFrames.MAX_DIFFERING * map.classes().length) {
        throw new RefusedException(
            Reason.BATCH,
            "release "
                + release
                + " gives another class in "
                + (same ? differing + " pixels" : "a map of " + map.size())
                + " of a frame "
                + sample.size()
                + " in a batch of "
                + together.size()
                + " than alone; package it for one frame a run");
      }
    }
  }

  /// The median, by the cores' own time where others kept them from this process.
  private Duration timed(OnnxSession session) {
    Size size =
        switch (release.inputSize()) {
          case InputSize.Fixed(Size only) -> only;
          case InputSize.Free free -> free.grid().fit(USUAL);
        };
    Sample sample = new Sample(size, GoldenFrames.picture(size, 7), Optional.empty());
    checkMap(sample, batch(session, sample, 1).getFirst());
    int threads = InferenceSettings.standard().withRuns(1).threadsOn(session.provider());
    List<Long> nanos = new ArrayList<>();
    long cpu = ProcessFigures.cpuNanos();
    long start = System.nanoTime();
    do {
      long before = System.nanoTime();
      batch(session, sample, 1);
      nanos.add(System.nanoTime() - before);
    } while (System.nanoTime() - start < TIMED.toNanos());
    long worked = (ProcessFigures.cpuNanos() - cpu) / Math.max(1, threads) / nanos.size();
    long wall = nanos.stream().sorted().toList().get(nanos.size() / 2);
    boolean counts = session.provider() == Provider.CPU && worked > 0;
    Duration median = Duration.ofNanos(counts ? Math.min(wall, worked) : wall);
    if (limits.budget().isPresent() && median.compareTo(limits.budget().get()) > 0) {
      throw new RefusedException(
          Reason.BUDGET,
          String.format(
              "release %s takes %.1f ms for a frame of %s, more than the %.1f ms of the budget; "
                  + "take a smaller net or size, or raise the budget",
              release, median.toNanos() / 1e6, size, limits.budget().get().toNanos() / 1e6));
    }
    return median;
  }
}
