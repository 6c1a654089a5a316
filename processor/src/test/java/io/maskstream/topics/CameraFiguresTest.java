package io.maskstream.topics;

import static io.maskstream.topics.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.CameraFigures.Row;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CameraFiguresTest {

  private static final Marker DAMAGED = new Marker(Reason.UNDECODABLE, "no picture");

  private final CameraFigures figures = new CameraFigures();

  @Test
  void countsRateLatencyAndMarkersOfEachCamera() {
    for (int i = 0; i < 100; i++) {
      figures.add(
          Answers.statistics(identity("gate", "s", i, Instant.EPOCH), Duration.ofMillis(100 - i)));
    }
    figures.add(Answers.markerStatistics(identity("yard", "s", 0, Instant.EPOCH), DAMAGED));
    List<Row> rows = figures.rows(Duration.ofSeconds(4));
    assertThat(rows).extracting(Row::cameraId).containsExactly("gate", "yard");
    Row gate = rows.getFirst();
    assertThat(gate.fps()).isEqualTo(25);
    assertThat(gate.p50()).isEqualTo(Duration.ofMillis(50));
    assertThat(gate.p99()).isEqualTo(Duration.ofMillis(99));
    assertThat(gate.masks()).isEqualTo(100);
    Row yard = rows.getLast();
    assertThat(yard.p50()).isNull();
    assertThat(yard.markers()).containsExactly(Map.entry(Reason.UNDECODABLE, 1L));
    assertThat(figures.rows(Duration.ofSeconds(1)).getFirst().fps()).isZero();
  }

  @Test
  void aReorderedSessionHasNoGapsAndALostAccessUnitIsOne() {
    List<Long> sequences = new ArrayList<>();
    for (long group = 0; group < 500; group += 5) {
      List<Long> reordered =
          new ArrayList<>(List.of(group, group + 1, group + 2, group + 3, group + 4));
      Collections.shuffle(reordered, new Random(group));
      sequences.addAll(reordered);
    }
    for (long sequence : sequences) {
      add("gate", "s", sequence);
      if (sequence != 100 && sequence != 201 && sequence != 202) {
        add("yard", "s", sequence);
      }
    }
    assertThat(figures.rows(Duration.ofSeconds(1))).extracting(Row::gaps).containsExactly(0L, 3L);
  }

  @Test
  void aNewSessionCountsFromItsStartAndKeepsWhatWasMissed() {
    add("gate", "one", 7);
    add("gate", "one", 9);
    add("gate", "one", 100);
    add("gate", "two", 0);
    assertThat(figures.rows(Duration.ofSeconds(1)).getFirst().gaps()).isEqualTo(1 + 26);
  }

  @Test
  void anAbsurdJumpCostsNoMemory() {
    add("gate", "s", 0);
    add("gate", "s", Long.MAX_VALUE - 1);
    assertThat(figures.rows(Duration.ofSeconds(1)).getFirst().gaps())
        .isEqualTo(Long.MAX_VALUE - 2 - 64);
  }

  @Test
  void theTableShowsWhatWantsAttentionInRedOnlyWhereColourIsWanted() {
    figures.add(
        Answers.statistics(identity("gate", "s", 0, Instant.EPOCH), Duration.ofNanos(80_500_000)));
    figures.add(Answers.markerStatistics(identity("gate", "s", 1, Instant.EPOCH), DAMAGED));
    List<Row> rows = figures.rows(Duration.ofSeconds(1));
    assertThat(new WatchTable(false).lines(rows))
        .containsExactly(
            "CAMERA                      FPS   P50 ms   P99 ms    MASKS  MARKS  GAPS  CLASSES",
            "gate                        2.0     80.5     80.5        1      1     0  "
                + "road 50%, car 38% [undecodable=1]");
    assertThat(new WatchTable(true).lines(rows).getLast()).contains("\u001b[31m     1\u001b[0m");
    assertThat(new WatchTable(false).summary(Instant.EPOCH, rows))
        .isEqualTo(
            "1970-01-01T00:00:00Z cameras=1 fps=2.0 masks=1 markers=1 gaps=0 | gate fps=2.0"
                + " p50_ms=80.5 p99_ms=80.5 road 50%, car 38% [undecodable=1]");
  }

  @Test
  void nothingInARecordCommandsTheTerminal() {
    assertThat(WatchTable.printable("a\u001b[2Jb\u202ec")).isEqualTo("a?[2Jb?c");
  }

  private void add(String camera, String session, long sequence) {
    figures.add(
        Answers.statistics(
            identity(camera, session, sequence, Instant.EPOCH), Duration.ofMillis(1)));
  }
}
