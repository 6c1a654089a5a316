package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.SharedClips;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Real clips, compared with what Debian's ffprobe 5.1 says of them.
class DemuxerTest {

  /// The IDR picture is lost on purpose.
  private static final Set<String> BEGIN_WITHOUT_KEYFRAME = Set.of("loss_BA_MW_D_IDR_LOST.264");

  @TestFactory
  Stream<DynamicTest> findsAsManyAccessUnitsAsFfprobe() {
    return clips(
        "access-units.txt",
        (golden, reading) -> {
          assertThat(reading.units()).hasSize(Math.toIntExact(golden.numbers().getFirst()));
          assertThat(reading.units())
              .extracting(unit -> unit.identity().sequence())
              .isEqualTo(LongStream.range(0, reading.units().size()).boxed().toList());
          assertThat(reading.end().identity().sequence()).isEqualTo(reading.units().size());
          assertThat(reading.units())
              .extracting(unit -> unit.identity().sessionId())
              .containsOnly(reading.end().identity().sessionId());
          assertThat(reading.pts()).doesNotHaveDuplicates();
          assertThat(reading.end().identity().pts())
              .isGreaterThan(reading.pts().stream().max(Long::compare).orElseThrow());
          assertThat(reading.keyframes().getFirst())
              .isEqualTo(!BEGIN_WITHOUT_KEYFRAME.contains(golden.clip()));
        });
  }

  @TestFactory
  Stream<DynamicTest> putsParameterSetsIntoEveryKeyframe() {
    return clips(
        "access-units.txt",
        (_, reading) -> {
          for (AccessUnit unit : reading.units()) {
            if (!unit.keyframe()) {
              continue;
            }
            switch (unit.codec()) {
              case H264 -> assertThat(nalTypes(unit, 31, 0)).contains(7, 8);
              case HEVC -> assertThat(nalTypes(unit, 63, 1)).contains(32, 33, 34);
              case MPEG2 -> assertThat(startCodes(unit)).startsWith(0xb3);
              case MPEG4 -> assertThat(startCodes(unit).toString()).containsAnyOf("32", "176");
              case AV1 -> assertThat(Reading.bytes(unit)[0] >> 3 & 15).isIn(1, 2);
              case VP8, VP9, MJPEG, PNG -> assertThat(unit.data().hasRemaining()).isTrue();
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> keepsThePtsOfTheContainer() {
    return clips(
        "pts.txt", (golden, reading) -> assertThat(reading.pts()).isEqualTo(golden.numbers()));
  }

  @TestFactory
  Stream<DynamicTest> numbersBarePicturesInOrderOfPresentation() {
    return clips(
        "presentation-order.txt",
        (golden, reading) -> assertThat(reading.pts()).isEqualTo(golden.numbers()));
  }

  @Test
  void takesTheTrackThatIsAskedForElseTheFirstDefault() {
    Path clip = SharedClips.of("videos/multi_stream_nasa.mp4");
    CameraAddress address = CameraAddress.of(clip.toString());
    Reading usual = Reading.of(clip);
    Reading second = Reading.of(address, SourceSettings.STANDARD.withVideoTrack(1));
    assertThat(usual.units()).hasSize(325);
    assertThat(usual.format().width()).isEqualTo(320);
    assertThat(second.units()).hasSize(390);
    assertThat(second.format().width()).isEqualTo(480);
    assertThatThrownBy(() -> Reading.of(address, SourceSettings.STANDARD.withVideoTrack(2)))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("video track 2 is not in")
        .hasMessageContaining("which has 2");
  }

  @Test
  void readsRotationMatrixAndRange() {
    Reading turned = Reading.of(SharedClips.of("videos/rot_90_568x320.mov"));
    assertThat(turned.units()).extracting(AccessUnit::rotationDegrees).containsOnly(90);
    Reading full = Reading.of(SharedClips.of("videos/codec_bt709_full_range_720p.mp4"));
    assertThat(full.units())
        .extracting(AccessUnit::colorRange)
        .containsOnly(AccessUnit.ColorRange.FULL);
    assertThat(full.units())
        .extracting(AccessUnit::colorMatrix)
        .containsOnly(AccessUnit.ColorMatrix.BT709);
  }

  @Test
  void givesTheNewParameterSetsWhereTheSizeChanges() {
    Reading reading =
        Reading.of(SharedClips.of("videos/camvid/camvid_val_res_change_480_320_640.264"));
    List<AccessUnit> keyframes = reading.units().stream().filter(AccessUnit::keyframe).toList();
    assertThat(keyframes).hasSize(3);
    assertThat(keyframes.stream().map(DemuxerTest::firstSequenceParameterSet).distinct())
        .hasSize(3);
  }

  @Test
  void countsCaptureTimeFromTheOpeningByPts() {
    Instant opened = Instant.parse("2026-11-21T10:00:00Z");
    Reading reading =
        Reading.of(
            CameraAddress.of(SharedClips.of("videos/vfr_count_640x480.mp4").toString()),
            SourceSettings.STANDARD.withClock(() -> opened));
    assertThat(reading.units())
        .allSatisfy(unit ->
            assertThat(Duration.between(opened, unit.identity().captureTime()).toMillis())
                .isEqualTo(unit.identity().pts()));
  }

  @Test
  void beginsANewSessionWithEveryOpening() {
    Path clip = SharedClips.of("videos/rot_90_568x320.mov");
    assertThat(Reading.of(clip).end().identity().sessionId())
        .isNotEqualTo(Reading.of(clip).end().identity().sessionId());
  }

  @Test
  void describesTheVideoInWords() {
    assertThat(Reading.of(SharedClips.of("videos/codec_h264_848x464_B.mp4")).format().description())
        .isEqualTo("h264 Main 848x464 30 fps");
    assertThat(Reading.of(SharedClips.of("videos/codec_avi_sample.avi")).format().codec())
        .isEqualTo(Codec.MPEG4);
  }

  @Test
  void saysWhatIsWrongWithAFileThatIsNoVideo(@TempDir Path folder) throws IOException {
    Path page = Files.writeString(folder.resolve("page.mp4"), "<html>not here</html>");
    assertThatThrownBy(() -> Reading.of(page))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("page.mp4");
    assertThatThrownBy(() -> Reading.of(folder.resolve("absent.mp4")))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("No such file");
  }

  @Test
  void opensNoPlaylistThatLeadsElsewhere(@TempDir Path folder) throws IOException {
    Path playlist =
        Files.writeString(
            folder.resolve("list.m3u8"),
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n");
    Path concatenation =
        Files.writeString(folder.resolve("list.ffconcat"), "ffconcat version 1.0\nfile x.mp4\n");
    for (Path list : List.of(playlist, concatenation)) {
      assertThatThrownBy(() -> Reading.of(list)).isInstanceOf(CameraException.class);
    }
  }

  private interface Check {
    void of(Golden golden, Reading reading);
  }

  private static Stream<DynamicTest> clips(String file, Check check) {
    return Golden.of(file)
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.clip(),
                () -> check.of(golden, Reading.of(SharedClips.of("videos/" + golden.clip())))));
  }

  /// Types of all units behind 00 00 01.
  private static Set<Integer> nalTypes(AccessUnit unit, int mask, int shift) {
    Set<Integer> types = new HashSet<>();
    startCodes(unit).forEach(code -> types.add(code >> shift & mask));
    return types;
  }

  /// The bytes behind every 00 00 01.
  private static List<Integer> startCodes(AccessUnit unit) {
    byte[] bytes = Reading.bytes(unit);
    List<Integer> codes = new java.util.ArrayList<>();
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i - 3] == 0 && bytes[i - 2] == 0 && bytes[i - 1] == 1) {
        codes.add(bytes[i] & 0xff);
      }
    }
    return codes;
  }

  private static String firstSequenceParameterSet(AccessUnit unit) {
    byte[] bytes = Reading.bytes(unit);
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i - 3] == 0 && bytes[i - 2] == 0 && bytes[i - 1] == 1 && (bytes[i] & 31) == 7) {
        return java.util.HexFormat.of().formatHex(bytes, i, Math.min(bytes.length, i + 24));
      }
    }
    return "none";
  }
}
