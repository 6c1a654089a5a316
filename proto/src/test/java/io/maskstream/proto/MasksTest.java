package io.maskstream.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.maskstream.proto.v1.Identity;
import io.maskstream.proto.v1.Marker;
import io.maskstream.proto.v1.Mask;
import io.maskstream.proto.v1.RunLengths;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MasksTest {

  @Test
  void codesEveryShapeOfRunAsTheNaiveCodecDoes() {
    Random random = new Random(7);
    for (int round = 0; round < 3000; round++) {
      int width = 1 + random.nextInt(70);
      int height = 1 + random.nextInt(12);
      byte[] classes = classMap(random, width * height, 1 + random.nextInt(80));
      RunLengths coded = Masks.encode(classes, width, height);
      assertThat(coded).isEqualTo(NaiveRuns.encode(classes));
      Mask mask = Mask.newBuilder().setWidth(width).setHeight(height).setRunLengths(coded).build();
      assertThat(Masks.decode(mask)).isEqualTo(classes);
      int classId = classes[0] & 0xff;
      assertThat(Masks.area(mask, classId)).isEqualTo(NaiveRuns.area(classes, classId));
    }
  }

  @Test
  void findsARunEndAtEveryDistance() {
    for (int length = 1; length <= 200; length++) {
      for (int size = length; size <= length + 20; size++) {
        byte[] classes = new byte[size];
        Arrays.fill(classes, length, size, (byte) 255);
        assertThat(Runs.of(classes).lengths())
            .isEqualTo(size == length ? new int[] {length} : new int[] {length, size - length});
      }
    }
  }

  @Test
  void codesStreetScenesAsTheNaiveCodecDoes() {
    assertThat(Masks.encode(Scenes.street(), Scenes.WIDTH, Scenes.HEIGHT))
        .isEqualTo(NaiveRuns.encode(Scenes.street()));
    assertThat(Masks.encode(Scenes.specked(), Scenes.WIDTH, Scenes.HEIGHT))
        .isEqualTo(NaiveRuns.encode(Scenes.specked()));
    assertThat(Runs.of(Scenes.street()).lengths().length).isBetween(11_500, 12_500);
    assertThat(Runs.of(Scenes.specked()).lengths().length).isBetween(36_000, 38_000);
  }

  @Test
  void addsUpAreasWithoutDecodingTheRuns() {
    byte[] classes = Scenes.street();
    classes[3] = (byte) 255;
    long[] areas = Masks.areas(NaiveRuns.mask(classes, Scenes.WIDTH, Scenes.HEIGHT));
    for (int classId = 0; classId < 256; classId++) {
      assertThat(areas[classId]).isEqualTo(NaiveRuns.area(classes, classId));
    }
    assertThat(Arrays.stream(areas).sum()).isEqualTo(classes.length);
  }

  @Test
  void saysWhyAMarkerHasNoPixels() {
    Mask marker =
        Mask.newBuilder()
            .setIdentity(Identity.newBuilder().setCameraId("gate-2").setPts(9000))
            .setMarker(
                Marker.newBuilder()
                    .setReason(Marker.Reason.REASON_WAITING_FOR_KEYFRAME)
                    .setDetail("the session began without one"))
            .build();
    assertThatThrownBy(() -> Masks.decode(marker))
        .isInstanceOf(MaskException.class)
        .hasMessage(
            "mask is a marker and has no pixels; look at hasMarker() first:"
                + " reason=REASON_WAITING_FOR_KEYFRAME detail=\"the session began without one\""
                + " camera=gate-2 pts=9000");
    assertThatThrownBy(() -> Masks.areas(Mask.getDefaultInstance()))
        .isInstanceOf(MaskException.class)
        .hasMessageContaining("take a newer maskstream-proto");
  }

  @Test
  void refusesRunsThatDoNotFillTheirMask() {
    assertRefused(mask(2, 2, new byte[] {1, 2}, 1, 2), "runs have 3 pixels, a mask of 2x2 has 4");
    assertRefused(mask(2, 2, new byte[] {1, 2}, 2, 3), "runs have 5 pixels, a mask of 2x2 has 4");
    assertRefused(
        mask(2, 2, new byte[] {1, 2}, 4, 0),
        "run is empty or longer than any mask: run=1 length=0");
    assertRefused(
        mask(2, 2, new byte[] {1, 2}, 0xffffffff, 5),
        "run is empty or longer than any mask: run=0 length=4294967295");
    assertRefused(
        mask(2, 2, new byte[] {1, 2, 3}, Integer.MAX_VALUE, Integer.MAX_VALUE, 6),
        "runs have 4294967300 pixels, a mask of 2x2 has 4");
    assertRefused(
        mask(2, 2, new byte[] {1, 2, 3}, 2, 2),
        "mask has as many class ids as lengths: class_ids=3 lengths=2");
    assertRefused(mask(2, 2, new byte[0]), "runs have 0 pixels, a mask of 2x2 has 4");
  }

  @Test
  void refusesAHugeMaskBeforeItTakesMemoryForIt() {
    String limits = " pixels is outside the limits: 1 to 67108864 pixels";
    assertRefused(
        mask(65535, 65535, new byte[] {1}, Integer.MAX_VALUE), "mask of 65535x65535" + limits);
    assertRefused(mask(65536, 65536, new byte[0]), "mask of 65536x65536" + limits);
    assertRefused(mask(-1, 1, new byte[0]), "mask of 4294967295x1" + limits);
    assertRefused(mask(0, 5, new byte[0]), "mask of 0x5" + limits);
  }

  @Test
  void refusesAClassMapOfAnotherSize() {
    assertThatThrownBy(() -> Masks.encode(new byte[5], 2, 3))
        .hasMessage("class map of 2x3 wants 6 bytes, got 5");
    assertThatThrownBy(() -> Masks.encodePng(new byte[7], 2, 3))
        .hasMessage("class map of 2x3 wants 6 bytes, got 7");
  }

  @Test
  void survivesHostileMessages() {
    byte[] good = NaiveRuns.mask(classMap(new Random(3), 600, 9), 30, 20).toByteArray();
    Random random = new Random(4);
    int decoded = 0;
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] hostile = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
      }
      try {
        Mask mask = Mask.parseFrom(Arrays.copyOf(hostile, 1 + random.nextInt(hostile.length)));
        assertThat(Masks.decode(mask)).hasSize(mask.getWidth() * mask.getHeight());
        decoded++;
      } catch (MaskException | InvalidProtocolBufferException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(decoded).isPositive();
    assertThat(refused).isPositive();
  }

  /// Class ids in runs of at most this length, 255 among them.
  static byte[] classMap(Random random, int pixels, int longest) {
    byte[] classes = new byte[pixels];
    int at = 0;
    while (at < pixels) {
      int end = Math.min(pixels, at + 1 + random.nextInt(longest));
      Arrays.fill(classes, at, end, (byte) (random.nextBoolean() ? 255 : random.nextInt(256)));
      at = end;
    }
    return classes;
  }

  private static Mask mask(int width, int height, byte[] ids, int... lengths) {
    RunLengths.Builder runs = RunLengths.newBuilder().setClassIds(ByteString.copyFrom(ids));
    Arrays.stream(lengths).forEach(runs::addLengths);
    return Mask.newBuilder().setWidth(width).setHeight(height).setRunLengths(runs).build();
  }

  private static void assertRefused(Mask mask, String message) {
    assertThatThrownBy(() -> Masks.decode(mask))
        .isInstanceOf(MaskException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Masks.area(mask, 1))
        .isInstanceOf(MaskException.class)
        .hasMessage(message);
  }
}
