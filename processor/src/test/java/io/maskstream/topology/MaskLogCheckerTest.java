package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topology.MaskLogChecker.Fault;
import io.maskstream.topology.MaskLogChecker.Finding;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskLogCheckerTest {

  private final List<Mask> truth = new ArrayList<>();

  MaskLogCheckerTest() {
    for (int i = 0; i < 60; i++) {
      truth.add(mask(i % 3 == 0 ? "gate" : "yard", i, (byte) (i % 7)));
    }
  }

  @Test
  void anEqualLogIsFaultlessHoweverItsCamerasAreInterleaved() {
    List<Mask> log = new ArrayList<>(truth);
    log.sort((a, b) -> a.identity().cameraId().compareTo(b.identity().cameraId()));
    assertThat(MaskLogChecker.check(truth, log)).isEmpty();
  }

  @Test
  void aLostMaskIsFound() {
    List<Mask> log = new ArrayList<>(truth);
    log.remove(31);
    assertFinding(log, Fault.LOST, truth.get(31));
  }

  @Test
  void aDoubledMaskIsFound() {
    List<Mask> log = new ArrayList<>(truth);
    log.add(40, truth.get(31));
    assertFinding(log, Fault.DOUBLED, truth.get(31));
  }

  @Test
  void twoSwappedMasksOfACameraAreFound() {
    List<Mask> log = new ArrayList<>(truth);
    Collections.swap(log, 31, 32);
    assertFinding(log, Fault.OUT_OF_ORDER, truth.get(31));
  }

  @Test
  void oneWrongPixelIsFound() {
    List<Mask> log = new ArrayList<>(truth);
    Mask mask = log.get(31);
    byte[] classes = ((RunLengths) mask.content()).classes();
    classes[5]++;
    log.set(
        31, new Mask(mask.identity(), RunLengths.of(classes, 4, 4), mask.release(), mask.source()));
    assertFinding(log, Fault.WRONG_CONTENT, mask);
  }

  @Test
  void aMarkerInPlaceOfAMaskIsFound() {
    List<Mask> log = new ArrayList<>(truth);
    Mask mask = log.get(31);
    log.set(31, new Mask(mask.identity(), new Marker(Reason.UNDECODABLE, ""), null, mask.source()));
    assertFinding(log, Fault.WRONG_CONTENT, mask);
  }

  @Test
  void aForeignMaskIsFound() {
    List<Mask> log = new ArrayList<>(truth);
    Mask foreign = mask("roof", 1, (byte) 1);
    log.add(31, foreign);
    assertFinding(log, Fault.FOREIGN, foreign);
  }

  private void assertFinding(List<Mask> log, Fault fault, Mask at) {
    assertThat(MaskLogChecker.check(truth, log)).containsExactly(new Finding(fault, at.identity()));
  }

  private static Mask mask(String cameraId, int sequence, byte classId) {
    byte[] classes = new byte[16];
    classes[3] = classId;
    return new Mask(
        new Identity(cameraId, "s", sequence, sequence, new TimeBase(1, 25), Instant.EPOCH),
        RunLengths.of(classes, 4, 4),
        HandSegmenter.RELEASE,
        new Mask.Source(0, sequence, 4, 4));
  }
}
