package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.camera.Scene.Look;
import io.maskstream.camera.Scene.Picture;
import io.maskstream.camera.Scene.SceneClass;
import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SceneTest {

  @Test
  void drawsTheSamePictureAgainAndAnotherFromAnotherSeedOrTime() {
    byte[] picture = new Scene(3, 160, 96).at(1.5).rgb();
    assertThat(new Scene(3, 160, 96).at(1.5).rgb()).isEqualTo(picture);
    assertThat(new Scene(4, 160, 96).at(1.5).rgb()).isNotEqualTo(picture);
    assertThat(new Scene(3, 160, 96).at(1.6).rgb()).isNotEqualTo(picture);
  }

  @Test
  void showsEveryClassWithinAMinute() {
    Scene scene = new Scene(1, 160, 96);
    Set<Integer> seen = new HashSet<>();
    for (int second = 0; second < 60; second++) {
      for (byte id : scene.at(second).classes()) {
        seen.add((int) id);
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    assertThat(Scene.CLASSES).extracting(SceneClass::id).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void keepsEveryClassNearestToItsOwnColour() {
    for (int seed = 0; seed < 5; seed++) {
      Picture picture = new Scene(seed, 320, 180).at(7 * seed);
      int right = 0;
      for (int i = 0; i < picture.classes().length; i++) {
        right += nearest(picture.rgb(), 3 * i) == picture.classes()[i] ? 1 : 0;
      }
      assertThat(right / (double) picture.classes().length).isGreaterThan(0.995);
    }
  }

  @Test
  void showsTheSameThingsInOtherColoursWhenVaried() {
    double right = 0;
    for (int seed = 0; seed < 10; seed++) {
      Picture plain = new Scene(seed, 160, 96).at(7 * seed);
      Picture varied = new Scene(seed, 160, 96, Look.VARIED).at(7 * seed);
      assertThat(varied.classes()).isEqualTo(plain.classes());
      assertThat(new Scene(seed, 160, 96, Look.VARIED).at(7 * seed).rgb()).isEqualTo(varied.rgb());
      for (int i = 0; i < varied.classes().length; i++) {
        right += nearest(varied.rgb(), 3 * i) == varied.classes()[i] ? 1 : 0;
      }
    }
    assertThat(right / (10 * 160 * 96)).isLessThan(0.5);
  }

  @Test
  void keepsAThingsColourWhileItMoves() {
    Scene scene = new Scene(11, 320, 180, Look.VARIED);
    double[] before = null;
    for (double seconds = 0; seconds < 3; seconds += 0.2) {
      double[] mean = meanColour(scene.at(seconds), 0);
      if (before != null) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(mean[channel]).isCloseTo(before[channel], within(4.0));
        }
      }
      before = mean;
    }
  }

  @Test
  void moves() {
    Scene scene = new Scene(2, 160, 96);
    byte[] now = scene.at(0).classes();
    byte[] later = scene.at(1).classes();
    assertThat(Arrays.mismatch(now, later)).isNotNegative();
  }

  @Test
  void refusesPicturesTooSmallToSee() {
    assertThatThrownBy(() -> new Scene(1, 8, 96)).hasMessageContaining("8x96");
  }

  @Test
  void isEncodedToTheSameBytesAgainWithAKeyframeEveryGop() {
    Settings settings = Settings.h264(160, 96, 10, 4);
    List<AccessUnit> units = Clips.encode(settings, 10);
    assertThat(units.stream().map(Reading::bytes).toList())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(Clips.encode(settings, 10).stream().map(Reading::bytes).toList());
    assertThat(units)
        .extracting(AccessUnit::keyframe)
        .containsExactly(true, false, false, false, true, false, false, false, true, false);
  }

  @Test
  void refusesEncodersThatAreNotThere() {
    assertThatThrownBy(() -> new Settings(Codec.H264, 160, 96, 10, 4, 2))
        .hasMessageContaining("B-frames in MPEG4 and MPEG2 only");
    assertThatThrownBy(() -> Settings.h264(161, 96, 10, 4)).hasMessageContaining("161x96");
    assertThatThrownBy(() -> Clips.encode(new Settings(Codec.HEVC, 160, 96, 10, 4, 0), 1))
        .hasMessageContaining("no encoder here makes HEVC");
  }

  @Test
  void isACameraUnderTestsrc() {
    try (CameraSource source =
        CameraSource.open("gate", CameraAddress.of("testsrc:160x96@5"), SourceSettings.STANDARD)) {
      AccessUnit first = source.next().orElseThrow();
      assertThat(first.keyframe()).isTrue();
      assertThat(source.format().description()).isEqualTo("h264 Constrained Baseline 160x96 5 fps");
      assertThat(source.next().orElseThrow().identity().sequence()).isEqualTo(1);
    }
    try (CameraSource source =
        CameraSource.open(
            "gate", CameraAddress.of("testsrc:160x96@5:varied"), SourceSettings.STANDARD)) {
      assertThat(source.next().orElseThrow().keyframe()).isTrue();
      assertThat(source.format().description()).isEqualTo("h264 Constrained Baseline 160x96 5 fps");
    }
    for (String wrong :
        List.of("testsrc:big", "testsrc:1x1", "testsrc:161x96", "testsrc:160x96:odd")) {
      assertThatThrownBy(
              () -> CameraSource.open("gate", CameraAddress.of(wrong), SourceSettings.STANDARD))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining(wrong);
    }
  }

  private static double[] meanColour(Picture picture, int id) {
    double[] sums = new double[3];
    int pixels = 0;
    for (int i = 0; i < picture.classes().length; i++) {
      if (picture.classes()[i] == id) {
        pixels++;
        for (int channel = 0; channel < 3; channel++) {
          sums[channel] += picture.rgb()[3 * i + channel] & 0xff;
        }
      }
    }
    for (int channel = 0; channel < 3; channel++) {
      sums[channel] /= pixels;
    }
    return sums;
  }

  private static int nearest(byte[] rgb, int at) {
    int best = -1;
    int bestDistance = Integer.MAX_VALUE;
    for (SceneClass each : Scene.CLASSES) {
      int red = (rgb[at] & 0xff) - each.red();
      int green = (rgb[at + 1] & 0xff) - each.green();
      int blue = (rgb[at + 2] & 0xff) - each.blue();
      int distance = red * red + green * green + blue * blue;
      if (distance < bestDistance) {
        bestDistance = distance;
        best = each.id();
      }
    }
    return best;
  }
}
