package io.maskstream.topology;

import io.maskstream.topology.SwapRig.Running;
import io.maskstream.topology.SwapRig.Seen;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Promise C1, measured: swaps by the dozen under live cameras, two processors of which one is
/// killed now and then. Prints figures; `processor/README.md` says how to run it. A fifth of the
/// time goes by before the first swap, for the quiet figures; 300 seconds are a good length.
public final class SwapsUnderLoad {

  private static final int CAMERAS = 8;

  /// After a kill the group waits for the session timeout before it gives the cameras away.
  private static final long FAILOVER_NANOS = TimeUnit.SECONDS.toNanos(25);

  /// The JVMs compile; nothing is measured.
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(25);

  private SwapsUnderLoad() {}

  /// @param args seconds, swaps, kills
  public static void main(String[] args) throws Exception {
    int seconds = Integer.parseInt(args[0]);
    int swaps = Integer.parseInt(args[1]);
    int kills = Integer.parseInt(args[2]);
    int gops = Math.max(1, seconds * 25 / SceneClip.GOP);
    Path folder = Files.createTempDirectory("swaps");
    Random random = new Random(20_261_121);
    List<ForkedJvm> processors = new ArrayList<>();
    List<Long> killed = new ArrayList<>();
    try (SwapRig rig = new SwapRig(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      processors.add(processor(rig, folder, 0));
      processors.add(processor(rig, folder, 1));
      rig.use("all", 2);
      List<AccessUnit> units = SwapRig.cameras(CAMERAS, gops);
      int pictures = CAMERAS * gops * SceneClip.GOP;
      long clock = System.nanoTime();
      Instant begin = Instant.now();
      Future<List<Seen>> reading =
          threads.submit(
              () -> rig.masks(Topics.STANDARD, pictures, Duration.ofSeconds(seconds + 300), null));
      long[] busy = cpu();
      Future<?> sending =
          threads.submit(() -> {
            rig.send(units, CAMERAS);
            return null;
          });
      long quiet = TimeUnit.SECONDS.toNanos(seconds) / 5;
      TimeUnit.NANOSECONDS.sleep(quiet);
      long interval = (TimeUnit.SECONDS.toNanos(seconds) - quiet) / (swaps + 1);
      for (int swap = 1; swap <= swaps; swap++) {
        long next = clock + quiet + swap * interval;
        int version = 2 + swap;
        Future<?> swapping =
            threads.submit(
                () -> version % 7 == 0 ? rig.rollback("all") : rig.use(scope(version), version));
        if (kills > 0 && swap % Math.max(1, swaps / kills) == 0 && killed.size() < kills) {
          TimeUnit.MILLISECONDS.sleep(random.nextInt(2000));
          int victim = killed.size() % 2;
          killed.add(System.nanoTime());
          processors.get(victim).kill();
          processors.set(victim, processor(rig, folder, victim));
        }
        swapping.get();
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      }
      sending.get();
      long[] after = cpu();
      List<Seen> seen = reading.get();
      System.out.printf(
          "frames=%d swaps=%d kills=%d cpu=%.0f %%%n",
          pictures, swaps, killed.size(), 100.0 * (after[0] - busy[0]) / (after[1] - busy[1]));
      exact(rig, units, seen);
      gaps(seen, clock, begin, quiet, killed);
      processors.forEach(ForkedJvm::close);
      Topics again = rig.outputs("again");
      try (Running replay = rig.start("again", again)) {
        List<Mask> repeated =
            rig.masks(again, pictures, Duration.ofMinutes(10), replay).stream()
                .map(Seen::mask)
                .toList();
        List<Mask> masks = seen.stream().map(Seen::mask).toList();
        System.out.println(
            "replay: " + MaskLogChecker.check(repeated, masks).size() + " differences");
      }
    } finally {
      processors.forEach(ForkedJvm::kill);
    }
  }

  private static String scope(int version) {
    return version % 5 == 0 ? "camera/camera-1" : version % 11 == 0 ? "group/doors" : "all";
  }

  private static ForkedJvm processor(SwapRig rig, Path folder, int number) {
    return ForkedJvm.start(
        folder.resolve("processor-" + number + ".log"),
        SwappedProcess.class,
        rig.kafka.bootstrapServers(),
        "live",
        folder.resolve("state-" + number).toString());
  }

  private static void exact(SwapRig rig, List<AccessUnit> units, List<Seen> seen) {
    Set<Identity> due = new HashSet<>();
    units.stream().filter(unit -> !unit.endOfSession()).forEach(unit -> due.add(unit.identity()));
    int doubled = 0;
    int markers = 0;
    int foreign = 0;
    int backwards = 0;
    Map<String, Long> last = new HashMap<>();
    for (Seen each : seen) {
      Identity identity = each.mask().identity();
      doubled += due.remove(identity) ? 0 : 1;
      if (each.mask().release() == null) {
        markers++;
      } else if (!each.mask()
          .release()
          .equals(rig.expected(identity.cameraId(), identity.captureTime()))) {
        foreign++;
      }
      Long before = last.put(identity.cameraId(), identity.pts());
      backwards += before != null && before >= identity.pts() ? 1 : 0;
    }
    System.out.printf(
        "lost=%d doubled=%d markers=%d out of order=%d by another release than announced=%d%n",
        due.size(), doubled, markers, backwards, foreign);
  }

  private static void gaps(
      List<Seen> seen, long clock, Instant begin, long quiet, List<Long> killed) {
    List<Long> quietGaps = new ArrayList<>();
    List<Long> swapGaps = new ArrayList<>();
    List<Long> killGaps = new ArrayList<>();
    List<Long> quietLatencies = new ArrayList<>();
    List<Long> swapLatencies = new ArrayList<>();
    Map<String, Long> last = new HashMap<>();
    for (Seen each : seen) {
      Long before = last.put(each.mask().identity().cameraId(), each.nanos());
      boolean atAKill =
          killed.stream()
              .anyMatch(kill -> each.nanos() > kill && each.nanos() - kill < FAILOVER_NANOS);
      boolean early = each.nanos() - clock < quiet;
      if (each.nanos() - clock < WARM_UP_NANOS) {
        continue;
      }
      if (before != null) {
        (early ? quietGaps : atAKill ? killGaps : swapGaps).add(each.nanos() - before);
      }
      Instant at = begin.plusNanos(each.nanos() - clock);
      long latency = Duration.between(each.mask().identity().captureTime(), at).toNanos();
      if (!atAKill) {
        (early ? quietLatencies : swapLatencies).add(latency);
      }
    }
    print("gap, quiet", quietGaps, 0);
    print("gap, swaps", swapGaps, 0);
    print("gap, 25 s after a kill", killGaps, 0);
    // Capture times are of before the first is sent: what counts is how much longer others took.
    long fastest = Math.min(Collections.min(quietLatencies), Collections.min(swapLatencies));
    print("latency above the fastest, quiet", quietLatencies, fastest);
    print("latency above the fastest, swaps", swapLatencies, fastest);
  }

  /// @param least is taken off each
  private static void print(String what, List<Long> nanos, long least) {
    if (nanos.isEmpty()) {
      return;
    }
    long[] sorted = nanos.stream().mapToLong(each -> each - least).sorted().toArray();
    System.out.printf(
        "%s: p50 %d ms, p99 %d ms, p99.9 %d ms, longest %d ms%n",
        what,
        sorted[sorted.length / 2] / 1_000_000,
        sorted[(int) (sorted.length * 0.99)] / 1_000_000,
        sorted[(int) (sorted.length * 0.999)] / 1_000_000,
        sorted[sorted.length - 1] / 1_000_000);
  }

  /// Busy and all jiffies of the machine.
  private static long[] cpu() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      long[] parts =
          Arrays.stream(lines.findFirst().orElseThrow().replaceFirst("cpu +", "").split(" +"))
              .mapToLong(Long::parseLong)
              .toArray();
      long all = Arrays.stream(parts).sum();
      return new long[] {all - parts[3] - parts[4], all};
    }
  }
}
