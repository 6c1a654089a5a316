package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stand-ins for the shared clips: what was encoded here comes out of every container again.
class GeneratedClipTest {

  private static final int PICTURES = 37;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "H264, 0, mp4",
    "H264, 0, mkv",
    "H264, 0, ts",
    "H264, 0, avi",
    "MPEG4, 2, mp4",
    "MPEG4, 2, mkv",
    "MPEG4, 2, avi",
    "MPEG2, 2, ts",
    "MPEG2, 2, mkv",
    "VP8, 0, webm",
    "VP9, 0, webm",
    "AV1, 0, mkv",
    "AV1, 0, mp4",
    "MJPEG, 0, avi",
  })
  void comesOutOfAContainerAsItWentIn(Codec codec, int bFrames, String container) {
    Settings settings = new Settings(codec, 160, 96, 25, 10, bFrames);
    List<AccessUnit> made = Clips.encode(settings, PICTURES);
    Reading reading = Reading.of(Muxer.write(folder.resolve("clip." + container), settings, made));
    assertThat(reading.units()).hasSize(PICTURES);
    assertThat(reading.format().codec()).isEqualTo(codec);
    assertThat(reading.keyframes()).isEqualTo(made.stream().map(AccessUnit::keyframe).toList());
    assertThat(order(reading.units())).isEqualTo(order(made));
    for (int i = 0; i < PICTURES && codec != Codec.H264; i++) { // MPEG-TS adds delimiters there
      assertThat(Reading.bytes(reading.units().get(i))).isEqualTo(withoutDelimiter(made.get(i)));
    }
    for (AccessUnit unit : reading.units()) {
      if (unit.keyframe() && codec == Codec.H264) {
        assertThat(new NalStream(NalSyntax.H264).read(Reading.bytes(unit)).keyframe())
            .as("it decodes by itself")
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"H264, 0, 264", "MPEG4, 2, m4v", "MPEG2, 2, m2v", "MJPEG, 0, mjpeg"})
  void isNumberedWithoutAContainer(Codec codec, int bFrames, String suffix) {
    Settings settings = new Settings(codec, 160, 96, 25, 10, bFrames);
    List<AccessUnit> made = Clips.encode(settings, PICTURES);
    Reading reading = Reading.of(Clips.bare(folder.resolve("clip." + suffix), made));
    assertThat(reading.pts()).isEqualTo(made.stream().map(unit -> unit.identity().pts()).toList());
    assertThat(reading.pts().stream().sorted().toList())
        .isEqualTo(LongStream.range(0, PICTURES).boxed().toList());
    assertThat(reading.keyframes()).isEqualTo(made.stream().map(AccessUnit::keyframe).toList());
  }

  @Test
  void changesItsSizeInMidStream() {
    List<AccessUnit> units = new ArrayList<>(Clips.encode(Settings.h264(160, 96, 25, 5), 10));
    units.addAll(Clips.encode(Settings.h264(320, 192, 25, 5), 10));
    Reading reading = Reading.of(Clips.bare(folder.resolve("sizes.264"), units));
    assertThat(reading.units().stream().map(Reading::bytes).toList())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(units.stream().map(Reading::bytes).toList());
    assertThat(reading.pts()).isEqualTo(LongStream.range(0, 20).boxed().toList());
  }

  @Test
  void isProbed() {
    Settings plain = Settings.h264(160, 96, 25, 10);
    ProbeReport fits = probe(Clips.bare(folder.resolve("plain.264"), Clips.encode(plain, 40)));
    assertThat(fits.fits()).isTrue();
    assertThat(fits.framesPerSecond()).isEqualTo(25);
    assertThat(fits.longestGop()).isEqualTo(10);
    assertThat(fits.longestGopTime()).hasMillis(400);
    assertThat(fits.reorders()).isFalse();
    Settings reordered = new Settings(Codec.MPEG4, 160, 96, 25, 10, 2);
    List<AccessUnit> units = Clips.encode(reordered, 40);
    ProbeReport bFrames = probe(Muxer.write(folder.resolve("b.mp4"), reordered, units));
    assertThat(bFrames.reorders()).isTrue();
    assertThat(bFrames.tips()).singleElement().asString().contains("B-frames");
    List<AccessUnit> late = units.stream().filter(unit -> !unit.keyframe()).toList();
    ProbeReport keyless = probe(Clips.bare(folder.resolve("keyless.m4v"), late));
    assertThat(keyless.fits()).isFalse();
    assertThat(keyless.obstacles()).singleElement().asString().contains("keyframe interval");
  }

  private static ProbeReport probe(Path file) {
    try (CameraSource source =
        CameraSource.open("probe", CameraAddress.of(file.toString()), SourceSettings.STANDARD)) {
      return ProbeReport.of(source, java.time.Duration.ofSeconds(10), 8 << 20);
    }
  }

  /// Containers leave AV1's temporal delimiters (12 00) out.
  private static byte[] withoutDelimiter(AccessUnit unit) {
    byte[] bytes = Reading.bytes(unit);
    return unit.codec() == Codec.AV1 ? Arrays.copyOfRange(bytes, 2, bytes.length) : bytes;
  }

  /// Sequences in order of presentation.
  private static List<Long> order(List<AccessUnit> units) {
    return units.stream()
        .sorted(Comparator.comparingLong(unit -> unit.identity().pts()))
        .map(unit -> unit.identity().sequence())
        .toList();
  }
}
