package io.maskstream.wire;

import static io.maskstream.wire.Examples.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Timestamp;
import io.maskstream.proto.v1.AccessUnit.Builder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccessUnitsTest {

  private static final int LIMIT = 1 << 20;

  @Test
  void anAccessUnitComesBackAsItWasSent() {
    for (AccessUnit unit : new AccessUnit[] {Examples.ACCESS_UNIT, Examples.END_OF_SESSION}) {
      assertThat(AccessUnits.parse("gate-2", AccessUnits.toBytes(unit), LIMIT)).isEqualTo(unit);
    }
  }

  @Test
  void everyCodecAndColorHasItsNumber() {
    for (Codec codec : Codec.values()) {
      byte[] value =
          value(
              message -> message.setCodec(io.maskstream.proto.v1.Codec.valueOf("CODEC_" + codec)));
      AccessUnit read = AccessUnits.parse("gate-2", value, LIMIT);
      assertThat(read.codec()).isEqualTo(codec);
      assertThat(AccessUnits.toBytes(read)).isEqualTo(value);
    }
    for (AccessUnit.ColorMatrix matrix : AccessUnit.ColorMatrix.values()) {
      byte[] value =
          value(message ->
              message.setColorMatrix(
                  io.maskstream.proto.v1.ColorMatrix.valueOf("COLOR_MATRIX_" + matrix)));
      AccessUnit read = AccessUnits.parse("gate-2", value, LIMIT);
      assertThat(read.colorMatrix()).isEqualTo(matrix);
      assertThat(AccessUnits.toBytes(read)).isEqualTo(value);
    }
    for (AccessUnit.ColorRange range : AccessUnit.ColorRange.values()) {
      byte[] value =
          value(message ->
              message.setColorRange(
                  io.maskstream.proto.v1.ColorRange.valueOf("COLOR_RANGE_" + range)));
      AccessUnit read = AccessUnits.parse("gate-2", value, LIMIT);
      assertThat(read.colorRange()).isEqualTo(range);
      assertThat(AccessUnits.toBytes(read)).isEqualTo(value);
    }
  }

  @Test
  void aColorOfTheFutureIsNoWordOnColor() {
    byte[] value = value(message -> message.setColorMatrixValue(99).setColorRangeValue(99));
    AccessUnit read = AccessUnits.parse("gate-2", value, LIMIT);
    assertThat(read.colorMatrix()).isEqualTo(AccessUnit.ColorMatrix.UNSPECIFIED);
    assertThat(read.colorRange()).isEqualTo(AccessUnit.ColorRange.UNSPECIFIED);
  }

  @Test
  void thePictureIsNotCopied() {
    byte[] value = AccessUnits.toBytes(Examples.ACCESS_UNIT);
    ByteBuffer data = AccessUnits.parse("gate-2", value, LIMIT).data();
    assertThat(data.isReadOnly()).isTrue();
    byte before = data.get(6);
    for (int i = 0; i < value.length; i++) {
      value[i]++;
    }
    assertThat(data.get(6)).isEqualTo((byte) (before + 1));
  }

  @Test
  void refusesAValueThatIsNoAccessUnit() {
    assertThat(refused("gate-2", null)).hasMessage("value is null, not an access unit");
    assertThat(refused("gate-2", new byte[0])).hasMessage("value is empty, not an access unit");
    assertThat(refused("gate-2", "<html>".getBytes()))
        .hasMessageStartingWith("value is not an access unit (protobuf maskstream.v1): ");
    assertThat(refused("gate-2", new byte[] {0}))
        .hasMessageStartingWith("value is not an access unit (protobuf maskstream.v1): ");
  }

  @Test
  void refusesAnAccessUnitThatDoesNotSayWhichPictureItIs() {
    assertThat(refused("gate-2", value(Builder::clearIdentity)))
        .hasMessage(
            "access unit has no identity; the publisher must say which picture this is:"
                + " key=gate-2");
    assertThat(refused("gate-2", identity(identity -> identity.clearTimeBase())))
        .hasMessage("access unit cannot be taken: identity.time_base is missing");
    assertThat(refused("gate-2", identity(identity -> identity.clearCaptureTime())))
        .hasMessage("access unit cannot be taken: identity.capture_time is missing");
    assertThat(refused("gate-2", identity(identity -> identity.clearSessionId())))
        .hasMessage("access unit cannot be taken: session_id is empty");
    assertThat(refused("gate-2", identity(identity -> identity.setSequence(-1))))
        .hasMessage(
            "access unit cannot be taken: identity.sequence is above 2^63 - 1:"
                + " 18446744073709551615");
  }

  @Test
  void refusesACameraIdThatIsNotTheKey() {
    byte[] value = AccessUnits.toBytes(Examples.ACCESS_UNIT);
    WireException otherKey = refused("gate\n3", value);
    assertThat(otherKey)
        .hasMessage(
            "access unit cannot be taken: its camera_id is not the key of its record:"
                + " camera_id=gate-2 key=gate?3");
    assertThat(otherKey.identity()).isEqualTo(IDENTITY);
    WireException noKey = refused(null, value);
    assertThat(noKey)
        .hasMessage(
            "access unit cannot be taken: its record has no key; key it by camera id:"
                + " camera=gate-2");
    assertThat(noKey.identity()).isEqualTo(IDENTITY);
  }

  @Test
  void refusesIdsThatAreLongOrUnprintable() {
    String longId = "x".repeat(256);
    assertThat(refused(longId, identity(identity -> identity.setCameraId(longId))))
        .hasMessage(
            "access unit cannot be taken: camera_id has 256 characters, at most 255 are allowed: "
                + "x".repeat(32)
                + "...");
    assertThat(
            AccessUnits.parse(
                    longId.substring(1),
                    identity(identity -> identity.setCameraId(longId.substring(1))),
                    LIMIT)
                .identity()
                .cameraId())
        .hasSize(255);
    assertThat(refused("a\u0007b", identity(identity -> identity.setCameraId("a\u0007b"))))
        .hasMessage("access unit cannot be taken: camera_id holds the control character U+0007");
    assertThat(refused("gate-2", identity(identity -> identity.setSessionId("\u202e"))))
        .hasMessage("access unit cannot be taken: session_id holds the control character U+202E");
  }

  @Test
  void refusesWhatItCannotDecodeAndSaysOfWhichPicture() {
    assertRefusedWithIdentity(
        value(message -> message.setCodecValue(77)), "codec is unknown to this version: number=77");
    assertRefusedWithIdentity(value(Builder::clearCodec), "codec is missing");
    assertRefusedWithIdentity(value(Builder::clearData), "access unit is empty");
    assertRefusedWithIdentity(
        value(message -> message.setEndOfSession(true)), "end of session carries a picture");
    assertRefusedWithIdentity(
        value(message -> message.setRotationDegrees(45)),
        "rotation_degrees is not 0, 90, 180 or 270: 45");
    assertRefusedWithIdentity(
        value(message -> message.setData(ByteString.copyFrom(new byte[LIMIT + 1]))),
        "its coded picture is too large: bytes=1048577 limit=1048576");
  }

  @Test
  void refusesTimesOutsideTheYears1To9999() {
    String years =
        "access unit cannot be taken: identity.capture_time is outside the years 1 to 9999: seconds=";
    assertThat(refused("gate-2", capturedAt(253_402_300_800L, 0)))
        .hasMessage(years + "253402300800");
    assertThat(refused("gate-2", capturedAt(-62_135_596_801L, 0)))
        .hasMessage(years + "-62135596801");
    assertThat(refused("gate-2", capturedAt(Long.MAX_VALUE, 0))).hasMessage(years + Long.MAX_VALUE);
    assertThat(refused("gate-2", capturedAt(0, -1)))
        .hasMessage(
            "access unit cannot be taken: identity.capture_time.nanos is not 0 to 999999999: -1");
    assertThat(
            AccessUnits.parse("gate-2", capturedAt(253_402_300_799L, 999_999_999), LIMIT)
                .identity()
                .captureTime())
        .hasToString("9999-12-31T23:59:59.999999999Z");
  }

  @Test
  void tellsTheIdentityOfAValueThatBreaksOff() {
    byte[] value = AccessUnits.toBytes(Examples.ACCESS_UNIT);
    WireException cut = refused("gate-2", Arrays.copyOf(value, value.length - 8));
    assertThat(cut).hasMessageContaining("value is not an access unit");
    assertThat(cut.identity()).isEqualTo(IDENTITY);
    assertThat(refused("gate-2", Arrays.copyOf(value, 12)).identity()).isNull();
  }

  @Test
  void refusesNestingBombs() throws IOException {
    byte[] bomb = new byte[100_000];
    Arrays.fill(bomb, (byte) (100 << 3 | 3)); // a group opens, and another in it, and so on
    ByteArrayOutputStream groups = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(groups);
    for (int depth = 0; depth < 10_000; depth++) {
      out.writeTag(100, 3);
    }
    out.flush();
    assertThat(refused("gate-2", groups.toByteArray()))
        .hasMessageContaining("too many levels of nesting");
    assertThat(refused("gate-2", bomb)).hasMessageContaining("value is not an access unit");
  }

  @Test
  void unknownFieldsTakeNoMemory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(AccessUnits.toBytes(Examples.ACCESS_UNIT));
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    for (int field = 0; field < 1_000_000; field++) {
      out.writeUInt32(100 + field % 1000, field);
    }
    out.flush();
    byte[] value = bytes.toByteArray();
    AccessUnits.parse("gate-2", AccessUnits.toBytes(Examples.ACCESS_UNIT), LIMIT);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(AccessUnits.parse("gate-2", value, LIMIT)).isEqualTo(Examples.ACCESS_UNIT);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(value.length / 2);
  }

  @Test
  void refusesLengthsThatLie() {
    // Field 4, data: 2 GiB - 1 bytes, then -1 bytes.
    assertThat(refused("gate-2", new byte[] {34, -1, -1, -1, -1, 7, 1}).identity()).isNull();
    assertThat(refused("gate-2", new byte[] {34, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}))
        .hasMessageContaining("value is not an access unit");
  }

  @Test
  void survivesHostileValues() {
    byte[] good = AccessUnits.toBytes(Examples.ACCESS_UNIT);
    Random random = new Random(5);
    int taken = 0;
    int identified = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] hostile = Arrays.copyOf(good, good.length - random.nextInt(3));
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
      }
      try {
        AccessUnits.parse("gate-2", hostile, LIMIT);
        taken++;
      } catch (WireException e) {
        assertThat(e.getMessage()).isNotBlank();
        if (e.identity() != null) {
          identified++;
        }
      }
    }
    assertThat(taken).isBetween(1, 49_999);
    assertThat(identified).isPositive();
  }

  @Test
  void anIdentityChecksItself() {
    assertThatThrownBy(
            () -> new Identity("", "s", 0, 0, IDENTITY.timeBase(), IDENTITY.captureTime()))
        .hasMessage("camera_id is empty");
    assertThatThrownBy(
            () -> new Identity("c", "s", -1, 0, IDENTITY.timeBase(), IDENTITY.captureTime()))
        .hasMessage("sequence is negative: sequence=-1 camera=c");
  }

  private static WireException refused(@Nullable String key, byte @Nullable [] value) {
    WireException refusal =
        catchThrowableOfType(WireException.class, () -> AccessUnits.parse(key, value, LIMIT));
    assertThat(refusal).as("access unit was taken").isNotNull();
    return refusal;
  }

  private static void assertRefusedWithIdentity(byte[] value, String reason) {
    WireException refusal = refused("gate-2", value);
    assertThat(refusal).hasMessage("access unit cannot be taken: " + reason);
    assertThat(refusal.identity()).isEqualTo(IDENTITY);
  }

  private static byte[] value(Consumer<Builder> change) {
    try {
      Builder message =
          io.maskstream.proto.v1.AccessUnit.parseFrom(AccessUnits.toBytes(Examples.ACCESS_UNIT))
              .toBuilder();
      change.accept(message);
      return message.build().toByteArray();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] identity(Consumer<io.maskstream.proto.v1.Identity.Builder> change) {
    return value(message -> change.accept(message.getIdentityBuilder()));
  }

  private static byte[] capturedAt(long seconds, int nanos) {
    return identity(identity ->
        identity.setCaptureTime(
            Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build()));
  }
}
