package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.painting.ClassNames;
import io.maskstream.painting.LabellingTask;
import io.maskstream.painting.RgbPicture;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the processor exports for people to label, the trainer reads: the loop is closed.
class LabellingTaskTest {

  private static final Release OLD = new Release("yard", "1", "ab".repeat(32));
  private static final Release NEW = new Release("yard", "2", "cd".repeat(32));

  /// 4 x 2 cells.
  private static final byte[] CLASSES = {0, 0, 2, 2, 0, 0, 2, (byte) 255};

  private final Random random = new Random(5);

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"cvat", "voc"})
  void everyPixelOfPictureAndMaskComesBack(String format) throws Exception {
    RgbPicture picture = picture(16, 8);
    ClassNames names = names(OLD, Map.of(0, "ground", 2, "fork: lift"));
    try (LabellingTask task = LabellingTask.open(root)) {
      task.add(picture, mask(0, OLD));
      task.finish(names, format.equals("cvat"));
    }
    assertThat(LabelledSets.recognised(root, "default")).contains(format);
    LabelledSet set = LabelledSets.open(root, "default");
    assertThat(set.classes().names()).containsExactly("ground", "class 1", "fork- lift");
    LabelledPicture read = set.read(0);
    assertThat(read.picture().rgb()).isEqualTo(picture.rgb());
    byte[] labels = read.labels().classes();
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 16; x++) {
        assertThat(labels[y * 16 + x]).isEqualTo(CLASSES[y / 4 * 4 + x / 4]);
      }
    }
  }

  /// A release may number its classes anew; people label by name.
  @Test
  void masksOfTwoReleasesShareOneListOfLabels() throws Exception {
    ClassNames names = names(OLD, Map.of(0, "ground", 1, "crate", 2, "lift"));
    names.add(statistics(NEW, Map.of(0, "lift", 1, "person", 2, "ground")));
    try (LabellingTask task = LabellingTask.open(root)) {
      task.add(picture(4, 2), mask(0, OLD));
      task.add(picture(8, 4), mask(1, NEW));
      task.finish(names, true);
    }
    LabelledSet set = LabelledSets.open(root, "default");
    assertThat(set.classes().names()).containsExactly("ground", "crate", "lift", "person");
    assertThat(set.read(0).labels().classes()).isEqualTo(CLASSES);
    assertThat(set.read(1).labels().classes()).startsWith(2, 2, 2, 2, 0, 0, 0, 0);
  }

  private RgbPicture picture(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    random.nextBytes(rgb);
    return new RgbPicture(width, height, rgb);
  }

  private static Mask mask(long sequence, Release release) {
    return new Mask(
        identity(sequence),
        RunLengths.of(CLASSES, 4, 2),
        release,
        new Mask.Source(0, sequence, 0, 0));
  }

  private static Identity identity(long sequence) {
    return new Identity("gate", "s", sequence, sequence, new TimeBase(1, 15), Instant.EPOCH);
  }

  private static ClassNames names(Release release, Map<Integer, String> byId) {
    ClassNames names = new ClassNames();
    names.add(statistics(release, byId));
    return names;
  }

  private static FrameStatistics statistics(Release release, Map<Integer, String> byId) {
    List<ClassArea> areas =
        new TreeMap<>(byId)
            .entrySet().stream()
                .map(named ->
                    new ClassArea(
                        named.getKey(),
                        named.getValue(),
                        1,
                        0.1,
                        null,
                        new BoundingBox(0, 0, 1, 1)))
                .toList();
    Duration none = Duration.ZERO;
    return new FrameStatistics(
        identity(0), areas, 10, 0, new Latency(none, none, none, none, none), release, null);
  }
}
