package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.topics.ModelException;
import io.maskstream.topology.SwapRig.Running;
import io.maskstream.topology.SwapRig.Seen;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Releases swapped while cameras run: the real broker, decoder and ONNX Runtime.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SwapTest {

  private static final int CAMERAS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private SwapRig rig;

  @BeforeEach
  void startBroker() {
    rig = new SwapRig(folder);
  }

  @AfterEach
  void stopBroker() {
    rig.close();
  }

  @Test
  void masksChangeTheirReleaseAtTheAnnouncedCaptureTimeAndAReplayGivesTheSame() throws Exception {
    int pictures = CAMERAS * SceneClip.GOPS * SceneClip.GOP;
    List<Seen> seen;
    List<AccessUnit> units;
    try (Running live = rig.start("live", Topics.STANDARD);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      rig.use("all", 2); // every processor reports before the cameras begin
      units = SwapRig.cameras(CAMERAS, SceneClip.GOPS);
      var reading =
          CompletableFuture.supplyAsync(
              () -> rig.masks(Topics.STANDARD, pictures, PATIENCE, live), threads);
      var sending =
          threads.submit(() -> {
            rig.send(units, CAMERAS);
            return null;
          });
      rig.use("all", 3);
      rig.use("camera/camera-1", 4);
      rig.rollback("all");
      rig.use("group/doors", 6);
      rig.use("all", 5);
      sending.get();
      seen = reading.get();
    }
    List<Mask> masks = seen.stream().map(Seen::mask).toList();
    assertExact(units, masks);
    assertAnnounced(masks);
    System.out.println("longest gap of a camera: " + longestGapMillis(seen) + " ms");

    Topics again = rig.outputs("again");
    try (Running replay = rig.start("again", again)) {
      List<Mask> repeated =
          rig.masks(again, pictures, PATIENCE, replay).stream().map(Seen::mask).toList();
      assertThat(byIdentity(repeated)).containsExactlyEntriesOf(byIdentity(masks));
    }
  }

  @Test
  void aReleaseThatCannotBeLoadedIsRefusedAndNeverServes() throws Exception {
    int pictures = 2 * 2 * SceneClip.GOP;
    try (Running live = rig.start("live", Topics.STANDARD)) {
      rig.use("all", 2);
      List<AccessUnit> units = SwapRig.cameras(2, 2);
      Path gone = Files.copy(rig.release(5), folder.resolve("gone.onnx"));
      assertThatThrownBy(() -> rig.useFrom("all", 5, gone))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("release=levels-5 is refused by instance=")
          .hasMessageContaining("gone.onnx");
      rig.send(units, 2);
      List<Mask> masks =
          rig.masks(Topics.STANDARD, pictures, PATIENCE, live).stream().map(Seen::mask).toList();
      assertExact(units, masks);
      assertThat(masks).extracting(mask -> mask.release().version()).doesNotContain("5");
      assertAnnounced(masks);
    }
  }

  /// Every access unit once, each camera's in presentation order, none without pixels.
  static void assertExact(List<AccessUnit> units, List<Mask> masks) {
    assertThat(masks).extracting(Mask::content).hasOnlyElementsOfType(RunLengths.class);
    assertThat(masks)
        .extracting(Mask::identity)
        .containsExactlyInAnyOrderElementsOf(
            units.stream().filter(unit -> !unit.endOfSession()).map(AccessUnit::identity).toList());
    Map<String, Long> last = new HashMap<>();
    for (Mask mask : masks) {
      Identity identity = mask.identity();
      Long before = last.put(identity.cameraId(), identity.pts());
      assertThat(before == null || before < identity.pts()).as("order at %s", identity).isTrue();
    }
  }

  private void assertAnnounced(List<Mask> masks) {
    assertAnnounced(rig, masks);
  }

  /// Each mask is by the release that was announced for its capture time, and looks like it.
  static void assertAnnounced(SwapRig rig, List<Mask> masks) {
    Map<String, Integer> versions = new TreeMap<>();
    for (Mask mask : masks) {
      Identity identity = mask.identity();
      Release expected = rig.expected(identity.cameraId(), identity.captureTime());
      assertThat(mask.release()).as("release of %s", identity).isEqualTo(expected);
      int version = Integer.parseInt(expected.version());
      boolean smaller = version % 3 == 0;
      assertThat(mask.content()).isInstanceOf(RunLengths.class);
      RunLengths runs = (RunLengths) mask.content();
      assertThat(runs.width()).isEqualTo(smaller ? SwapRig.SMALLER.width() : 160);
      byte[] classes = runs.classes();
      int largest = 0;
      for (byte each : classes) {
        largest = Math.max(largest, each & 0xff);
      }
      assertThat(largest).as("classes of %s", expected).isEqualTo(version + 1);
      versions.merge(expected.version(), 1, Integer::sum);
    }
    System.out.println("masks by release: " + versions);
  }

  private static Map<Identity, byte[]> bytes(List<Mask> masks) {
    Map<Identity, byte[]> bytes = new HashMap<>();
    masks.forEach(mask -> bytes.put(mask.identity(), mask.toBytes()));
    return bytes;
  }

  private static Map<String, String> byIdentity(List<Mask> masks) {
    Map<String, String> digests = new TreeMap<>();
    bytes(masks)
        .forEach((identity, value) ->
            digests.put(
                identity.cameraId() + "-%06d".formatted(identity.sequence()),
                value.length + ":" + Arrays.hashCode(value)));
    return digests;
  }

  private static long longestGapMillis(List<Seen> seen) {
    Map<String, Long> last = new HashMap<>();
    long longest = 0;
    for (Seen each : seen) {
      Long before = last.put(each.mask().identity().cameraId(), each.nanos());
      if (before != null) {
        longest = Math.max(longest, each.nanos() - before);
      }
    }
    return longest / 1_000_000;
  }
}
