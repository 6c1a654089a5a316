package io.maskstream.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.inference.ClassMap.Confidence;
import io.maskstream.video.Size;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.RunLengths;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameAreasTest {

  private static final List<String> NAMES = List.of("road", "car", "person");

  @Test
  void measuresASmallMask() {
    byte[] classes = {
      0, 0, 1, 1,
      0, 1, 1, 2,
      0, 0, 0, (byte) 255,
    };
    // One cell for each half of the picture: columns 0 and 1, columns 2 and 3.
    Confidence halves = new Confidence(new Size(2, 1), new byte[] {(byte) 255, 51});
    FrameAreas areas = FrameAreas.of(RunLengths.of(classes, 4, 3), halves, NAMES);
    assertThat(areas.pixelCount()).isEqualTo(12);
    assertThat(areas.ignoredPixelCount()).isEqualTo(1);
    assertThat(areas.classes())
        .containsExactly(
            new ClassArea(0, "road", 6, 6 / 12.0, (5 + 0.2) / 6, new BoundingBox(0, 0, 3, 3)),
            new ClassArea(1, "car", 4, 4 / 12.0, (1 + 3 * 0.2) / 4, new BoundingBox(1, 0, 3, 2)),
            new ClassArea(2, "person", 1, 1 / 12.0, 51 / 255.0, new BoundingBox(3, 1, 1, 1)));
  }

  @Test
  void aReleaseWithoutConfidenceHasNone() {
    assertThat(FrameAreas.of(RunLengths.of(new byte[6], 3, 2), null, NAMES).classes())
        .containsExactly(new ClassArea(0, "road", 6, 1.0, null, new BoundingBox(0, 0, 3, 2)));
  }

  @Test
  void aClassBeyondTheNamesIsNamedByItsNumber() {
    assertThat(FrameAreas.of(RunLengths.of(new byte[] {9}, 1, 1), null, NAMES).classes())
        .extracting(ClassArea::className)
        .containsExactly("class 9");
  }

  @Test
  void anIgnoredPictureHasNoClasses() {
    byte[] classes = {-1, -1};
    FrameAreas areas = FrameAreas.of(RunLengths.of(classes, 2, 1), null, NAMES);
    assertThat(areas.classes()).isEmpty();
    assertThat(areas.ignoredPixelCount()).isEqualTo(2);
  }

  @Test
  void measuresAnyMaskOnAnyGridAsPixelByPixel() {
    Random random = new Random(21);
    for (int round = 0; round < 400; round++) {
      Size size = new Size(1 + random.nextInt(60), 1 + random.nextInt(30));
      Size grid = new Size(1 + random.nextInt(70), 1 + random.nextInt(35));
      byte[] classes = classMap(random, (int) size.pixels());
      byte[] confidence = new byte[(int) grid.pixels()];
      random.nextBytes(confidence);
      FrameAreas areas =
          FrameAreas.of(
              RunLengths.of(classes, size.width(), size.height()),
              new Confidence(grid, confidence),
              NAMES);
      assertThat(areas.classes())
          .isSortedAccordingTo(Comparator.comparingInt(ClassArea::pixelCount).reversed());
      long pixels = areas.ignoredPixelCount();
      for (ClassArea area : areas.classes()) {
        assertEqualToNaive(area, size, classes, grid, confidence);
        pixels += area.pixelCount();
      }
      assertThat(pixels).isEqualTo(size.pixels());
    }
  }

  private static void assertEqualToNaive(
      ClassArea area, Size size, byte[] classes, Size grid, byte[] confidence) {
    int count = 0;
    double sum = 0;
    int left = size.width();
    int top = size.height();
    int right = -1;
    int bottom = -1;
    for (int y = 0; y < size.height(); y++) {
      for (int x = 0; x < size.width(); x++) {
        if ((classes[y * size.width() + x] & 0xff) == area.classId()) {
          double cellX = (x + 0.5) / size.width() * grid.width();
          double cellY = (y + 0.5) / size.height() * grid.height();
          // A centre on the border between two cells belongs to the latter; rounding must not move
          // it.
          int cell = (int) Math.floor(cellY + 1e-9) * grid.width() + (int) Math.floor(cellX + 1e-9);
          sum += (confidence[cell] & 0xff) / 255.0;
          count++;
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    assertThat(area.pixelCount()).isEqualTo(count);
    assertThat(area.areaFraction()).isEqualTo(count / (double) classes.length);
    assertThat(area.meanConfidence()).isCloseTo(sum / count, within(1e-9));
    assertThat(area.boundingBox())
        .isEqualTo(new BoundingBox(left, top, right - left + 1, bottom - top + 1));
  }

  private static byte[] classMap(Random random, int pixels) {
    byte[] classes = new byte[pixels];
    int longest = 1 + random.nextInt(100);
    for (int at = 0; at < pixels; ) {
      int end = Math.min(pixels, at + 1 + random.nextInt(longest));
      Arrays.fill(classes, at, end, (byte) (random.nextInt(6) == 0 ? 255 : random.nextInt(5)));
      at = end;
    }
    return classes;
  }
}
