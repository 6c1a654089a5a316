package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.video.Result.Decoded;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What comes out for what goes in, over every codec that this FFmpeg can also encode.
class FfmpegDecoderTest {

  private static final Size SIZE = new Size(98, 66);

  /// Each picture has a brightness of its own, so that a frame tells which picture it is.
  private static final SceneEncoder.Scene BRIGHTER =
      (t, plane, x, y) -> plane == 0 ? 40 + 6 * t : 128;

  private static final SceneEncoder.Scene BRIGHTER_RGB = (t, plane, x, y) -> 40 + 6 * t;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libopenh264",
        "libvpx",
        "libvpx-vp9",
        "libaom-av1",
        "libsvtav1",
        "mjpeg",
        "mpeg4",
        "mpeg2video",
        "png"
      })
  void eachAccessUnitGivesItsOwnPictureInOrderOfPresentation(String encoder) {
    SceneEncoder.Scene scene = encoder.equals("png") ? BRIGHTER_RGB : BRIGHTER;
    List<AccessUnit> units = SceneEncoder.of(encoder, SIZE).encode(25, scene).accessUnits();
    boolean full = encoder.equals("mjpeg") || encoder.equals("png");

    List<Long> presented = new ArrayList<>();
    try (Decoder decoder = new Decoders(Limits.STANDARD).open(Playback.SAME)) {
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < units.size(); i++) {
        results.addAll(decoder.decode(units.get(i), i + 1000, true));
      }
      results.addAll(decoder.drain());
      for (Result result : results) {
        if (result instanceof Decoded(long ticket, Frame frame)) {
          long pts = units.get((int) ticket - 1000).identity().pts();
          int luma = 40 + 6 * (int) pts;
          int grey = full ? luma : (int) Math.round((luma - 16) * 255 / 219.0);
          assertThat(frame.sourceSize()).isEqualTo(SIZE);
          assertThat(frame.rgb().get(3 * (33 * 98 + 49)) & 0xff)
              .as(encoder + " picture " + pts)
              .isBetween(grey - 2, grey + 2);
          presented.add(pts);
          frame.close();
        }
      }
    }
    assertThat(presented).hasSize(25).isSorted();
  }

  @Test
  void heldBackPicturesArePendingUntilTheyComeOut() {
    List<AccessUnit> units = SceneEncoder.of("mpeg4", SIZE).encode(4, BRIGHTER).accessUnits();
    try (Decoder decoder = new Decoders(Limits.STANDARD).open(Playback.SAME)) {
      assertThat(decoder.decode(units.getFirst(), 7, false)).containsExactly(new Result.Pending(7));
      assertThat(decoder.drain()).containsExactly(new Result.Passed(7));
      assertThat(decoder.drain()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void turnsThePictureUpright(int degrees) {
    // The stored picture's left third is bright; 90 degrees clockwise brings left to the top.
    SceneEncoder.Scene leftBright = (t, plane, x, y) -> plane == 0 ? (x < 33 ? 210 : 40) : 128;
    Clip clip = SceneEncoder.of("mjpeg", SIZE).encode(1, leftBright);
    AccessUnit unit =
        Units.unit(
            clip.codec(), 0, 0, true, ByteBuffer.wrap(clip.units().getFirst().data()), degrees);

    Frame frame = only(unit, upright -> new Size(upright.width() * 2, upright.height() * 2));

    Size upright = degrees == 180 ? SIZE : new Size(66, 98);
    assertThat(frame.sourceSize()).isEqualTo(upright);
    assertThat(frame.size()).isEqualTo(new Size(upright.width() * 2, upright.height() * 2));
    int width = frame.size().width();
    int height = frame.size().height();
    assertThat(bright(frame, width / 2, 4)).isEqualTo(degrees == 90);
    assertThat(bright(frame, width - 5, height / 2)).isEqualTo(degrees == 180);
    assertThat(bright(frame, width / 2, height - 5)).isEqualTo(degrees == 270);
    assertThat(bright(frame, 4, height / 2)).isFalse();
    frame.close();
  }

  @Test
  void fitsThePictureToTheGridInWhateverSizeItComes() {
    for (Size source : List.of(new Size(1, 1), new Size(17, 9), new Size(641, 359))) {
      Clip clip = SceneEncoder.of("png", source).encode(1, (t, plane, x, y) -> 60 * (plane + 1));
      Frame frame = only(clip.accessUnits().getFirst(), upright -> new Size(65, 33));
      assertThat(frame.size()).isEqualTo(new Size(65, 33));
      assertThat(frame.sourceSize()).isEqualTo(source);
      ByteBuffer rgb = frame.rgb();
      for (int i = 0; i < rgb.limit(); i++) {
        assertThat(rgb.get(i) & 0xff).isEqualTo(60 * (i % 3 + 1));
      }
      frame.close();
    }
  }

  @Test
  void shrinkingAveragesInsteadOfPickingPixels() {
    SceneEncoder.Scene checkers = (t, plane, x, y) -> (x + y) % 2 * 255;
    Clip clip = SceneEncoder.of("png", new Size(400, 400)).encode(1, checkers);
    Frame frame = only(clip.accessUnits().getFirst(), upright -> new Size(50, 50));
    ByteBuffer rgb = frame.rgb();
    for (int i = 0; i < rgb.limit(); i++) {
      assertThat(rgb.get(i) & 0xff).isBetween(124, 131);
    }
    frame.close();
  }

  @Test
  void sizeAndCodecMayChangeAtAnyKeyframe() {
    List<Clip> parts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String encoder = List.of("libopenh264", "libopenh264", "mpeg4", "libvpx").get(i % 4);
      Size size = new Size(64 + 16 * i, 64 + 2 * i);
      parts.add(SceneEncoder.of(encoder, size).encode(7, BRIGHTER));
    }
    List<AccessUnit> units = new ArrayList<>();
    List<Integer> part = new ArrayList<>();
    for (Clip clip : parts) {
      for (AccessUnit unit : clip.accessUnits()) {
        part.add(parts.indexOf(clip));
        units.add(
            Units.unit(unit.codec(), units.size(), units.size(), unit.keyframe(), unit.data()));
      }
    }
    List<Size> sizes = new ArrayList<>();
    Playback playback =
        Playback.of(
            units,
            upright -> {
              sizes.add(upright);
              return upright;
            },
            0,
            ticket -> true);

    assertThat(playback.ofKind("decoded")).hasSize(8 * 7);
    for (int i = 0; i < sizes.size(); i++) {
      assertThat(sizes.get(i)).isEqualTo(new Size(64 + 16 * (i / 7), 64 + 2 * (i / 7)));
    }
    assertThat(part).hasSize(8 * 7);
  }

  @Test
  void refusesMisuseWithoutTouchingTheStream() {
    AccessUnit end =
        new AccessUnit(
            Units.unit(Codec.PNG, 0, 0, true, ByteBuffer.allocate(1)).identity(),
            Codec.PNG,
            false,
            ByteBuffer.allocate(0),
            0,
            ColorMatrix.UNSPECIFIED,
            ColorRange.UNSPECIFIED,
            true);
    Decoder decoder = new Decoders(Limits.STANDARD).open(Playback.SAME);
    assertThatThrownBy(() -> decoder.decode(end, 1, true)).hasMessageContaining("call drain()");
    AccessUnit garbage = Units.unit(Codec.PNG, 0, 0, true, ByteBuffer.allocate(1));
    decoder.decode(garbage, 5, true);
    assertThatThrownBy(() -> decoder.decode(garbage, 5, true)).hasMessageContaining("last=5");
    decoder.close();
    decoder.close();
    assertThatThrownBy(decoder::drain).hasMessageContaining("closed");
  }

  static Frame only(AccessUnit unit, Grid grid) {
    try (Decoder decoder = new Decoders(Limits.STANDARD).open(grid)) {
      List<Result> results = new ArrayList<>(decoder.decode(unit, 1, true));
      results.removeIf(Result.Pending.class::isInstance);
      results.addAll(decoder.drain());
      assertThat(results).singleElement().isInstanceOf(Decoded.class);
      return ((Decoded) results.getFirst()).frame();
    }
  }

  private static boolean bright(Frame frame, int x, int y) {
    return (frame.rgb().get(3 * (y * frame.size().width() + x)) & 0xff) > 128;
  }
}
