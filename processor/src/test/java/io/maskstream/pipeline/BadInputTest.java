package io.maskstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Limits;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Everything bad at once beside two cameras that are well: each bad record is answered with its
/// reason, and the two get the masks of a quiet run.
class BadInputTest {

  private static final int PICTURES = 40;
  private static final List<String> WELL = List.of("gate", "yard");
  private static final Duration SECONDS = Duration.ofSeconds(20);

  /// What is wrong, and a part of the reason that says so.
  private static final Map<String, String> DEAD_LETTERS =
      Map.of(
          "unknown codec", "codec is unknown to this version: number=77",
          "empty value", "value is empty",
          "no value", "value is null",
          "garbage", "invalid wire type",
          "torn record", "input ended unexpectedly",
          "no key", "has no key; key it by camera id");

  /// By camera, with a part of the detail.
  private static final Map<String, Marker> MARKERS =
      Map.of(
          "poster", new Marker(Reason.TOO_LARGE, "12000x12000"),
          "torn", new Marker(Reason.UNDECODABLE, "parts of the picture are missing"),
          "noise", new Marker(Reason.WAITING_FOR_KEYFRAME, "no keyframe"),
          "snow", new Marker(Reason.UNDECODABLE, "JPEG"));

  @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void everyBadRecordIsAnsweredWithItsReasonAndNoOtherCameraIsHarmed() throws Exception {
    List<AccessUnit> well = wellCameras();
    int pictures = WELL.size() * PICTURES;
    Map<Object, Object> quiet;
    try (Pipeline pipeline = pipeline("quiet")) {
      well.forEach(pipeline::send);
      pipeline.readUntil(() -> pipeline.masks.size() >= pictures, Duration.ofMinutes(1));
      quiet = contents(pipeline.masks);
    }
    assertThat(quiet).hasSize(pictures);
    assertThat(quiet.values()).hasOnlyElementsOfType(RunLengths.class);

    try (Pipeline pipeline = pipeline("bad")) {
      well.subList(0, well.size() / 2).forEach(pipeline::send);
      List<Bad> bad = badRecords(well);
      bad.forEach(each -> pipeline.sendRaw(each.key(), each.value()));
      // Answered while the cameras are still sending: nothing of it waits for an end.
      pipeline.readUntil(() -> pipeline.deadLetters.size() >= DEAD_LETTERS.size(), SECONDS);
      pipeline.readUntil(() -> markers(pipeline.masks).size() >= MARKERS.size(), SECONDS);
      well.subList(well.size() / 2, well.size()).forEach(pipeline::send);
      pipeline.readUntil(
          () -> pipeline.masks.size() + pipeline.deadLetters.size() >= pictures + bad.size(),
          Duration.ofMinutes(1));

      assertThat(pipeline.masks.size() + pipeline.deadLetters.size())
          .as("in = masks + markers + dead letters")
          .isEqualTo(pictures + bad.size());
      assertThat(
              contents(
                  pipeline.masks.stream()
                      .filter(mask -> WELL.contains(mask.identity().cameraId()))
                      .toList()))
          .isEqualTo(quiet);
      assertReasons(pipeline);
    }
  }

  private record Bad(String what, byte[] key, byte[] value) {}

  private static List<Bad> badRecords(List<AccessUnit> well) throws IOException {
    AccessUnit keyframe = well.getFirst();
    byte[] coded = new byte[keyframe.data().remaining()];
    keyframe.data().duplicate().get(coded);
    byte[] noise = new byte[4096];
    new Random(20_261_121).nextBytes(noise);
    byte[] whole = AccessUnits.toBytes(unit("half", Codec.H264, coded));

    List<Bad> bad = new ArrayList<>();
    bad.add(new Bad("unknown codec", key("future"), ofUnknownCodec(coded)));
    bad.add(new Bad("empty value", key("mute"), new byte[0]));
    bad.add(new Bad("no value", key("mute"), null));
    bad.add(new Bad("garbage", key("noise"), noise));
    bad.add(new Bad("torn record", key("half"), Arrays.copyOf(whole, whole.length / 2)));
    bad.add(new Bad("no key", null, AccessUnits.toBytes(unit("stray", Codec.H264, coded))));
    bad.add(picture("poster", Codec.MJPEG, jpegOf12000x12000()));
    bad.add(picture("torn", Codec.H264, Arrays.copyOf(coded, coded.length / 2)));
    bad.add(picture("noise", Codec.H264, noise));
    bad.add(picture("snow", Codec.MJPEG, noise));
    return bad;
  }

  private static Bad picture(String camera, Codec codec, byte[] data) {
    return new Bad(camera, key(camera), AccessUnits.toBytes(unit(camera, codec, data)));
  }

  private static void assertReasons(Pipeline pipeline) {
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(pipeline.deadLetters).as("dead letters").hasSize(DEAD_LETTERS.size());
    DEAD_LETTERS.forEach((what, reason) ->
        softly
            .assertThat(pipeline.deadLetters)
            .as(what)
            .filteredOn(letter -> letter.reason().contains(reason))
            .hasSize(1));
    softly
        .assertThat(pipeline.deadLetters)
        .as("who sent it is told where it could be read")
        .extracting(letter -> letter.identity() == null ? "" : letter.identity().cameraId())
        .contains("future", "stray", "half");
    Map<String, Marker> markers = markers(pipeline.masks);
    softly.assertThat(markers.keySet()).isEqualTo(MARKERS.keySet());
    MARKERS.forEach((camera, wanted) -> {
      softly.assertThat(markers.get(camera).reason()).as(camera).isEqualTo(wanted.reason());
      softly.assertThat(markers.get(camera).detail()).as(camera).contains(wanted.detail());
    });
    softly.assertAll();
  }

  private static Map<String, Marker> markers(List<Mask> answers) {
    return answers.stream()
        .filter(answer -> answer.content() instanceof Marker)
        .collect(
            Collectors.toMap(
                answer -> answer.identity().cameraId(), answer -> (Marker) answer.content()));
  }

  private static Map<Object, Object> contents(List<Mask> masks) {
    Map<Object, Object> contents = new LinkedHashMap<>();
    masks.forEach(mask -> contents.put(mask.identity(), mask.content()));
    return contents;
  }

  /// Two scenes side by side, without an end.
  private static List<AccessUnit> wellCameras() {
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource gate = scene(WELL.getFirst());
        CameraSource yard = scene(WELL.getLast())) {
      for (int i = 0; i < PICTURES; i++) {
        units.add(gate.next().orElseThrow());
        units.add(yard.next().orElseThrow());
      }
    }
    return units;
  }

  private static CameraSource scene(String camera) {
    return CameraSource.open(
        camera, CameraAddress.of("testsrc:160x96@100"), SourceSettings.STANDARD);
  }

  /// Only its header is large: what a decoder would allocate by it is 432 MB.
  private static byte[] jpegOf12000x12000() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB), "jpeg", out);
    byte[] jpeg = out.toByteArray();
    int at = 0;
    while (jpeg[at] != (byte) 0xff || jpeg[at + 1] != (byte) 0xc0) {
      at++;
    }
    // Start of frame: marker, length, precision, height, width (ITU T.81, B.2.2).
    ByteBuffer.wrap(jpeg).putShort(at + 5, (short) 12_000).putShort(at + 7, (short) 12_000);
    return jpeg;
  }

  private static byte[] ofUnknownCodec(byte[] coded) throws IOException {
    return io.maskstream.proto.v1.AccessUnit.parseFrom(
            AccessUnits.toBytes(unit("future", Codec.H264, coded)))
        .toBuilder()
        .setCodecValue(77)
        .setData(ByteString.copyFrom(coded))
        .build()
        .toByteArray();
  }

  private static AccessUnit unit(String camera, Codec codec, byte[] data) {
    Identity identity =
        new Identity(
            camera,
            "only",
            0,
            0,
            new Identity.TimeBase(1, 90_000),
            Instant.parse("2026-01-01T12:00:00Z"));
    return new AccessUnit(
        identity,
        codec,
        true,
        ByteBuffer.wrap(data),
        0,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        false);
  }

  private static byte[] key(String camera) {
    return camera.getBytes(StandardCharsets.UTF_8);
  }

  private Pipeline pipeline(String run) throws Exception {
    return new Pipeline(folder.resolve(run), release(), Limits.STANDARD);
  }

  private static ReleaseFile release() throws IOException {
    try (var in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      return ReleaseFile.of(in.readAllBytes(), "scene.onnx");
    }
  }
}
