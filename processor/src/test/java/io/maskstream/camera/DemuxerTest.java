package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.SharedClips;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class DemuxerTest {

  @TestFactory
  Stream<DynamicTest> findsAsManyAccessUnitsAsFfprobe() {
    return golden()
        .map(line ->
            DynamicTest.dynamicTest(
                line[0],
                () -> {
                  List<AccessUnit> units = read(SharedClips.of("videos/" + line[0]));
                  assertThat(units.size()).isEqualTo(Integer.parseInt(line[1]));
                  assertThat(units.stream().map(unit -> unit.identity().sequence()))
                      .isEqualTo(Stream.iterate(0L, n -> n + 1).limit(units.size()).toList());
                  assertThat(units.stream().map(unit -> unit.identity().pts()).distinct())
                      .as("pts tell pictures apart")
                      .hasSameSizeAs(units);
                  if (!line[0].startsWith("loss_") && !line[0].startsWith("codec_mpegts")) {
                    assertThat(units.getFirst().keyframe()).isTrue();
                  }
                }));
  }

  @Test
  void putsParameterSetsIntoEveryKeyframe() {
    for (String clip : List.of("codec_fmp4.mp4", "cars_320x240.h265", "codec_hevc_foreman.mp4")) {
      List<AccessUnit> keyframes =
          read(SharedClips.of("videos/" + clip)).stream().filter(AccessUnit::keyframe).toList();
      assertThat(keyframes).isNotEmpty();
      for (AccessUnit keyframe : keyframes) {
        boolean complete =
            new ParameterSets(keyframe.codec()).remember(NalUnits.of(keyframe.data()));
        assertThat(complete).as(clip + " " + keyframe.identity()).isTrue();
      }
    }
  }

  @Test
  void numbersTheBFramesOfARawStreamInPresentationOrder() {
    List<Long> pts =
        read(SharedClips.of("videos/bframe_9_640x320.264")).stream()
            .map(unit -> unit.identity().pts())
            .toList();
    assertThat(pts).isNotEqualTo(pts.stream().sorted().toList());
    assertThat(pts.stream().sorted())
        .isEqualTo(Stream.iterate(0L, n -> n + 1).limit(pts.size()).toList());
  }

  @Test
  void readsRotationAndRange() {
    assertThat(track("videos/rot_90_568x320.mov").rotationDegrees()).isEqualTo(90);
    assertThat(track("videos/codec_bt709_full_range_720p.mp4").colorRange())
        .isEqualTo(AccessUnit.ColorRange.FULL);
    assertThat(track("videos/codec_avi_sample.avi").codec()).isEqualTo(Codec.MPEG4);
  }

  @Test
  void saysWhatIsWrongWithAFileThatIsNoVideo(@TempDir Path folder) throws IOException {
    Path page = Files.writeString(folder.resolve("page.mp4"), "<html>not here</html>");
    assertThatThrownBy(() -> read(page))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("page.mp4");
    assertThatThrownBy(() -> read(folder.resolve("absent.mp4")))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("No such file");
  }

  @Test
  void abandonsASourceThatAcceptsAndSaysNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CameraAddress address =
          CameraAddress.of("rtsp://user:s3cret@127.0.0.1:" + silent.getLocalPort() + "/stream");
      assertThatThrownBy(
              () -> Demuxer.open("gate", address, Duration.ofMillis(500), Clock.systemUTC()))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("said nothing for 0.5 s")
          .hasMessageNotContaining("s3cret");
    }
  }

  private static VideoTrack track(String clip) {
    try (Demuxer demuxer = open(SharedClips.of(clip))) {
      return demuxer.track();
    }
  }

  private static List<AccessUnit> read(Path clip) {
    List<AccessUnit> units = new ArrayList<>();
    try (Demuxer demuxer = open(clip)) {
      for (AccessUnit unit = demuxer.next(); unit != null; unit = demuxer.next()) {
        units.add(unit);
      }
    }
    return units;
  }

  private static Demuxer open(Path clip) {
    return Demuxer.open(
        "gate", CameraAddress.of(clip.toString()), Duration.ofSeconds(10), Clock.systemUTC());
  }

  private static Stream<String[]> golden() {
    try (var in = DemuxerTest.class.getResourceAsStream("access-units.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
