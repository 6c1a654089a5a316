package io.maskstream.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.ClassMap;
import io.maskstream.video.Size;
import io.maskstream.wire.ShadowReport;
import io.maskstream.wire.ShadowReport.ClassAgreement;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {

  private static final byte IGNORED = (byte) 255;

  @Test
  void classesAreMatchedByNameAndNotByNumber() {
    Agreement agreement =
        new Agreement(List.of("sky", "road", "car"), List.of("road", "sky", "person"));
    agreement.add(map(4, 1, 0, 0, 1, 2), map(4, 1, 1, 0, 0, 2));
    // Serving: sky sky road car; candidate: sky road road person.
    assertThat(agreement.classes())
        .containsExactly(
            new ClassAgreement("car", 0, 0, 1),
            new ClassAgreement("person", 0, 1, 0),
            new ClassAgreement("road", 1, 2, 1),
            new ClassAgreement("sky", 1, 1, 2));
    assertThat(ShadowReport.meanIou(agreement.classes())).hasValue((0 + 0 + 1 / 2.0 + 1 / 2.0) / 4);
  }

  @Test
  void whatIsIgnoredIsNoClass() {
    Agreement agreement = new Agreement(List.of("sky", "road"), List.of("sky", "road"));
    agreement.add(map(3, 1, IGNORED, 0, 1), map(3, 1, IGNORED, IGNORED, 1));
    assertThat(agreement.classes())
        .containsExactly(new ClassAgreement("road", 1, 1, 1), new ClassAgreement("sky", 0, 0, 1));
  }

  @Test
  void aMapOfAnotherSizeGivesEachPixelItsNearest() {
    List<String> names = List.of("a", "b", "c", "d");
    Agreement agreement = new Agreement(names, names);
    agreement.add(map(4, 4, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3), map(2, 2, 0, 1, 2, 3));
    assertThat(agreement.classes())
        .allSatisfy(each -> assertThat(each.iou()).hasValue(1))
        .hasSize(4);
    Agreement coarser = new Agreement(names, names);
    coarser.add(map(2, 1, 0, 1), map(4, 1, 0, 0, 1, 1));
    assertThat(ShadowReport.meanIou(coarser.classes())).hasValue(1);
  }

  private static ClassMap map(int width, int height, int... classes) {
    byte[] bytes = new byte[classes.length];
    for (int i = 0; i < classes.length; i++) {
      bytes[i] = (byte) classes[i];
    }
    return new ClassMap(new Size(width, height), bytes, null);
  }
}
