package io.maskstream.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Release;
import io.maskstream.wire.WindowStatistics;
import io.maskstream.wire.WindowStatistics.WindowClassArea;
import io.maskstream.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowTotalsTest {

  private static final Instant START = Instant.parse("2026-11-01T08:00:00Z");
  private static final Instant END = START.plusSeconds(60);
  private static final Identity IDENTITY =
      new Identity("gate-2", "s", 0, 0, new TimeBase(1, 25), START);
  private static final Latency LATENCY =
      new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  @Test
  void aClassThatComesLateCountsAsNothingBefore() {
    WindowStatistics window = window(mask(100), mask(60, 40));
    assertThat(window.maskCount()).isEqualTo(2);
    assertThat(window.classes())
        .containsExactly(
            new WindowClassArea(0, "class 0", 2, 0.8, 0.6, 1.0),
            new WindowClassArea(1, "class 1", 1, 0.2, 0.0, 0.4));
  }

  @Test
  void aClassThatLeavesCountsAsNothingAfter() {
    assertThat(window(mask(60, 40), mask(100)).classes())
        .contains(new WindowClassArea(1, "class 1", 1, 0.2, 0.0, 0.4));
  }

  @Test
  void markersAreCountedAndChangeNoArea() {
    FrameStatistics marker =
        FrameStatistics.ofMarker(
            IDENTITY, new Marker(Marker.Reason.SKIPPED, "rate"), LATENCY, null);
    WindowStatistics window = window(marker, mask(100), marker);
    assertThat(window.maskCount()).isEqualTo(1);
    assertThat(window.markerCount()).isEqualTo(2);
    assertThat(window.classes())
        .containsExactly(new WindowClassArea(0, "class 0", 1, 1.0, 1.0, 1.0));
    WindowStatistics onlyMarkers = window(marker);
    assertThat(onlyMarkers.classes()).isEmpty();
    assertThat(onlyMarkers.markerCount()).isEqualTo(1);
  }

  @Test
  void anIdThatChangesItsNameIsAnotherClass() {
    FrameStatistics renamed =
        statistics(List.of(new ClassArea(0, "sky", 100, 1, null, new BoundingBox(0, 0, 10, 10))));
    assertThat(window(mask(100), renamed).classes())
        .extracting(WindowClassArea::className, WindowClassArea::meanAreaFraction)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("class 0", 0.5),
            org.assertj.core.groups.Tuple.tuple("sky", 0.5));
  }

  @Test
  void equalsTheNaiveStatisticsOfAllMasks() {
    Random random = new Random(31);
    List<FrameStatistics> masks = new ArrayList<>();
    DoubleSummaryStatistics[] expected = new DoubleSummaryStatistics[5];
    Arrays.setAll(expected, classId -> new DoubleSummaryStatistics());
    for (int i = 0; i < 200; i++) {
      int[] pixels = new int[5];
      for (int left = 100; left > 0; ) {
        int some = Math.min(left, 1 + random.nextInt(80));
        pixels[random.nextInt(5)] += some;
        left -= some;
      }
      masks.add(mask(pixels));
      for (int classId = 0; classId < 5; classId++) {
        expected[classId].accept(pixels[classId] / 100.0);
      }
    }
    for (WindowClassArea area : window(masks.toArray(FrameStatistics[]::new)).classes()) {
      DoubleSummaryStatistics naive = expected[area.classId()];
      assertThat(area.meanAreaFraction()).isCloseTo(naive.getAverage(), within(1e-12));
      assertThat(area.minAreaFraction()).isEqualTo(naive.getMin());
      assertThat(area.maxAreaFraction()).isEqualTo(naive.getMax());
    }
  }

  @Test
  void comesBackFromTheStoreAsItWasPut() {
    WindowTotals totals =
        WindowTotals.empty().add(mask(30, 0, 70)).add(mask(0, 100)).add(mask(1, 2, 97));
    assertThat(WindowTotals.parse(totals.toBytes())).isEqualTo(totals);
    assertThat(WindowTotals.parse(WindowTotals.empty().toBytes())).isEqualTo(WindowTotals.empty());
  }

  @Test
  void refusesTheStateOfALaterVersionAndDamage() {
    byte[] value = WindowTotals.empty().add(mask(100)).toBytes();
    byte[] later = value.clone();
    later[0] = 2;
    assertThatThrownBy(() -> WindowTotals.parse(later))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("version=2 known=1");
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> WindowTotals.parse(cut)).isInstanceOf(WireException.class);
    }
    assertThatThrownBy(() -> WindowTotals.parse(Arrays.copyOf(value, value.length + 1)))
        .hasMessageContaining("they go on after their end");
  }

  private static WindowStatistics window(FrameStatistics... answers) {
    WindowTotals totals = WindowTotals.empty();
    for (FrameStatistics answer : answers) {
      totals = WindowTotals.parse(totals.add(answer).toBytes());
    }
    return totals.toStatistics("gate-2", START, END);
  }

  /// A mask of 100 pixels, so many of each class.
  private static FrameStatistics mask(int... pixels) {
    List<ClassArea> areas = new ArrayList<>();
    for (int classId = 0; classId < pixels.length; classId++) {
      if (pixels[classId] > 0) {
        areas.add(
            new ClassArea(
                classId,
                "class " + classId,
                pixels[classId],
                pixels[classId] / 100.0,
                null,
                new BoundingBox(0, 0, 10, 10)));
      }
    }
    return statistics(areas);
  }

  private static FrameStatistics statistics(List<ClassArea> areas) {
    return new FrameAreas(areas, 100, 0)
        .toStatistics(IDENTITY, LATENCY, new Release("r", "1", "00".repeat(32)));
  }
}
