package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topology.SwapRig.Running;
import io.maskstream.topology.SwapRig.Seen;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Mask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Two processors, each a process of its own, of which one is killed at a random moment of every
/// swap. The masks are those that were announced, and those of a quiet run over the same log.
class SwapThroughAKillTest {

  private static final long SEED = 20_261_121;
  private static final int CAMERAS = 4;
  private static final int GOPS = 18;
  private static final int PICTURES = CAMERAS * GOPS * SceneClip.GOP;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final List<ForkedJvm> processors = new ArrayList<>();

  @AfterEach
  void endAll() {
    processors.forEach(ForkedJvm::kill);
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void everyMaskIsByTheAnnouncedReleaseAndNoneIsLostOrDoubled() throws Exception {
    Random random = new Random(SEED);
    try (SwapRig rig = new SwapRig(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      processors.add(processor(rig, 0));
      processors.add(processor(rig, 1));
      rig.use("all", 2);
      List<AccessUnit> units = SwapRig.cameras(CAMERAS, GOPS);
      Future<?> sending =
          threads.submit(() -> {
            rig.send(units, CAMERAS);
            return null;
          });
      for (int version = 3; version < 8; version++) {
        int next = version;
        Future<?> swap =
            threads.submit(() -> next == 5 ? rig.rollback("all") : rig.use("all", next));
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1200));
        int victim = version % 2;
        processors.get(victim).kill();
        processors.set(victim, processor(rig, victim));
        swap.get();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1200));
      }
      sending.get();
      List<Mask> masks =
          rig.masks(Topics.STANDARD, PICTURES, PATIENCE, null).stream().map(Seen::mask).toList();
      SwapTest.assertExact(units, masks);
      SwapTest.assertAnnounced(rig, masks);
      processors.forEach(ForkedJvm::close);

      Topics again = rig.outputs("again");
      try (Running quiet = rig.start("again", again)) {
        List<Mask> expected =
            rig.masks(again, PICTURES, PATIENCE, quiet).stream().map(Seen::mask).toList();
        assertThat(MaskLogChecker.check(expected, masks)).isEmpty();
      }
    }
  }

  private ForkedJvm processor(SwapRig rig, int number) {
    return ForkedJvm.start(
        folder.resolve("processor-" + number + ".log"),
        SwappedProcess.class,
        rig.kafka.bootstrapServers(),
        "live",
        folder.resolve("state-" + number).toString());
  }
}
