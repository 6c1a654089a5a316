package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Hand-made H.264 and H.265 units. Ids: `67 42c01e` + ue(0) = 1..., a picture parameter set `68` +
/// ue(id) + ue(0).
class NalStreamTest {

  private static final String SPS = "6742c01ef0";
  private static final String OTHER_SPS = "6742c01ff0";
  private static final String PPS_0 = "68c8";
  private static final String PPS_1 = "6850";
  private static final String DELIMITER = "0910";
  private static final String IDR = "65b8aabb";

  /// first_mb_in_slice 0, slice_type 7 (all I): 1 0001000.
  private static final String INTRA = "4188aabb";

  /// first_mb_in_slice 0, slice_type 5 (all P): 1 00110.
  private static final String PREDICTED = "419aaabb";

  /// Type 6, size 1: recovery_frame_cnt 0, exact_match 0, broken_link 0: 1 0 0 00 ...
  private static final String RECOVERY_AT_ONCE = "060601 8480";

  /// recovery_frame_cnt 5: 00110.
  private static final String GRADUAL_RECOVERY = "060601 3480";

  /// broken_link 1: 1 0 1.
  private static final String BROKEN_LINK = "060601 a480";

  private final NalStream h264 = new NalStream(NalSyntax.H264);

  @Test
  void marksAnIdrPictureAsKeyframe() {
    assertThat(read(SPS, PPS_0, IDR).keyframe()).isTrue();
    assertThat(read(PREDICTED).keyframe()).isFalse();
    assertThat(read(INTRA).keyframe()).as("pictures after it may refer back").isFalse();
  }

  @Test
  void marksARecoveryPointOnlyWherePicturesAreExactAtOnce() {
    read(SPS, PPS_0, IDR);
    assertThat(read(RECOVERY_AT_ONCE, INTRA).keyframe()).isTrue();
    assertThat(read(RECOVERY_AT_ONCE, INTRA, INTRA).keyframe()).isTrue();
    assertThat(read(GRADUAL_RECOVERY, INTRA).keyframe()).isFalse();
    assertThat(read(GRADUAL_RECOVERY, PREDICTED).keyframe()).isFalse();
    assertThat(read(RECOVERY_AT_ONCE, PREDICTED).keyframe()).isFalse();
    assertThat(read(RECOVERY_AT_ONCE, INTRA, PREDICTED).keyframe()).isFalse();
    assertThat(read(BROKEN_LINK, INTRA).keyframe()).isFalse();
  }

  @Test
  void startsNoSequenceAtARecoveryPoint() {
    assertThat(read(SPS, PPS_0, IDR).startsSequence()).isTrue();
    assertThat(read(RECOVERY_AT_ONCE, INTRA).startsSequence()).isFalse();
  }

  @Test
  void completesAKeyframeBehindItsDelimiter() {
    read(SPS, PPS_0, PPS_1, IDR);
    assertThat(hex(read(DELIMITER, IDR).bytes()))
        .isEqualTo(hex(bytes(DELIMITER, SPS, PPS_0, PPS_1, IDR)));
  }

  @Test
  void leavesOtherPicturesAsTheyAre() {
    read(SPS, PPS_0, IDR);
    assertThat(hex(read(DELIMITER, PREDICTED).bytes())).isEqualTo(hex(bytes(DELIMITER, PREDICTED)));
  }

  @Test
  void putsPictureParameterSetsBehindTheSequenceTheyReferTo() {
    read(SPS, PPS_0, PPS_1, IDR);
    assertThat(hex(read(OTHER_SPS, PPS_0, IDR).bytes()))
        .isEqualTo(hex(bytes(OTHER_SPS, PPS_0, PPS_1, IDR)));
    assertThat(hex(read(IDR).bytes())).contains(OTHER_SPS).doesNotContain(SPS);
  }

  @Test
  void isNoKeyframeWithoutParameterSets() {
    assertThat(read(IDR).keyframe()).isFalse();
  }

  @Test
  void turnsLengthsIntoStartCodesByTheContainersBox() {
    h264.configure(HexFormat.of().parseHex("0142c01effe1" + "0005" + SPS + "01" + "0002" + PPS_0));
    Bitstream.Coded coded =
        h264.read(HexFormat.of().parseHex("00000002" + DELIMITER + "00000004" + IDR));
    assertThat(coded.keyframe()).isTrue();
    assertThat(hex(coded.bytes())).isEqualTo(hex(bytes(DELIMITER, SPS, PPS_0, IDR)));
  }

  @Test
  void keepsADamagedAccessUnitWhoseLengthsLead() {
    h264.configure(HexFormat.of().parseHex("0142c01effe1" + "0005" + SPS + "01" + "0002" + PPS_0));
    Bitstream.Coded coded = h264.read(HexFormat.of().parseHex("7fffffff" + PREDICTED));
    assertThat(hex(coded.bytes())).isEqualTo(hex(bytes(PREDICTED)));
  }

  @Test
  void takesNewParameterSetsFromTheContainer() {
    h264.configure(HexFormat.of().parseHex("0142c01effe1" + "0005" + SPS + "01" + "0002" + PPS_0));
    h264.configure(
        HexFormat.of().parseHex("0142c01fffe1" + "0005" + OTHER_SPS + "01" + "0002" + PPS_0));
    assertThat(hex(h264.read(HexFormat.of().parseHex("00000004" + IDR)).bytes()))
        .isEqualTo(hex(bytes(OTHER_SPS, PPS_0, IDR)));
  }

  @Test
  void survivesAnyBytes() {
    var random = new java.util.SplittableRandom(9);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(1, 60)];
      for (int j = 0; j < noise.length; j++) {
        noise[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(2));
      }
      for (io.maskstream.wire.Codec codec : io.maskstream.wire.Codec.values()) {
        Bitstream bitstream = Bitstream.of(codec, i % 2 == 0 ? noise : new byte[0]);
        assertThat(bitstream.read(noise).bytes()).isNotEmpty();
      }
    }
  }

  @Test
  void marksTheRandomAccessPicturesOfH265() {
    String vps = "40010c01";
    String sps = "420101" + "0160000003000003000003000003005d" + "a0";
    String pps = "4401c0";
    NalStream hevc = new NalStream(NalSyntax.HEVC);
    assertThat(hevc.read(bytes(vps, sps, pps, "2601af")).keyframe()).as("IDR_W_RADL").isTrue();
    assertThat(hevc.read(bytes("2a01af")).keyframe()).as("CRA").isTrue();
    assertThat(hevc.read(bytes("2001af")).keyframe()).as("BLA_W_LP").isTrue();
    assertThat(hevc.read(bytes("0201af")).keyframe()).as("TRAIL_R").isFalse();
    assertThat(hevc.read(bytes("2a01af")).startsSequence()).as("CRA").isFalse();
    assertThat(hex(hevc.read(bytes("460150", "2a01af")).bytes()))
        .isEqualTo(hex(bytes("460150", vps, sps, pps, "2a01af")));
  }

  private Bitstream.Coded read(String... units) {
    return h264.read(bytes(units));
  }

  private static byte[] bytes(String... units) {
    return HexFormat.of()
        .parseHex(
            Arrays.stream(units)
                .map(unit -> "00000001" + unit.replace(" ", ""))
                .collect(Collectors.joining()));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
