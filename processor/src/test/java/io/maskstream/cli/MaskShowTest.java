package io.maskstream.cli;

import static io.maskstream.topics.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.topics.Answers;
import io.maskstream.topology.Topics;
import io.maskstream.video.Clip;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frames painted with their masks, decoded from the middle of the log.
class MaskShowTest {

  private static final Instant START = Instant.now().minusSeconds(60);

  @TempDir Path folder;

  @Test
  void paintsTheNewestFrameAndAnyOther() throws Exception {
    List<BufferedImage> pictures = new ArrayList<>();
    List<AccessUnit> units = new ArrayList<>();
    Random random = new Random(17);
    for (int i = 0; i < 3; i++) {
      BufferedImage picture = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 320 * 200; pixel++) {
        picture.setRGB(pixel % 320, pixel / 320, random.nextInt(1 << 24));
      }
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(picture, "png", png);
      pictures.add(picture);
      units.add(unit(i, Codec.PNG, true, png.toByteArray()));
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      answer(broker, units);
      Path file = folder.resolve("mask.png");
      Outcome outcome = show(broker, file, "--opacity", "1");
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .isEqualTo(
              file
                  + " camera=gate session=one sequence=2 size=320x200 release=streets-7"
                  + System.lineSeparator());
      BufferedImage painted = ImageIO.read(file.toFile());
      assertThat(painted.getRGB(60, 150) & 0xffffff).as("road").isEqualTo(0x804080);
      assertThat(painted.getRGB(200, 150) & 0xffffff).as("car").isEqualTo(0x00008e);
      assertThat(painted.getRGB(300, 150))
          .as("ignored pixels show the frame")
          .isEqualTo(pictures.get(2).getRGB(300, 150));
      assertThat(show(broker, file, "--opacity", "0", "--sequence", "1").exitCode()).isZero();
      painted = ImageIO.read(file.toFile());
      for (int pixel = 40 * 320; pixel < 320 * 200; pixel++) {
        assertThat(painted.getRGB(pixel % 320, pixel / 320))
            .isEqualTo(pictures.get(1).getRGB(pixel % 320, pixel / 320));
      }
    }
  }

  @Test
  void findsEveryFrameAmongReorderedOnes() throws Exception {
    requireWholeClipsPictures("bframe_9_640x320.264", List.of(0L, 2L, 5L, 8L));
  }

  @Test
  void looksFarBackForTheKeyframe() throws Exception {
    requireWholeClipsPictures("bframes_hier_foreman_cif.264", List.of(150L));
  }

  /// Compares with the pictures of a decoder that sees the whole clip from its start.
  private void requireWholeClipsPictures(String name, List<Long> sequences) throws Exception {
    Path video = Path.of(System.getProperty("maskstream.shared", ""), "videos", name);
    assumeTrue(Files.exists(video), "shared video is absent: " + video);
    Clip clip = Clip.read(video, 0);
    List<AccessUnit> units = new ArrayList<>();
    for (Clip.Unit unit : clip.units().subList(0, Math.min(200, clip.units().size()))) {
      units.add(unit(units.size(), clip.codec(), unit.keyframe(), unit.data()));
    }
    Map<Long, byte[]> expected = decodeAll(units);
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
      answer(broker, units);
      Path file = folder.resolve("mask.png");
      for (long sequence : sequences) {
        Outcome outcome =
            show(broker, file, "--opacity", "0", "--sequence", Long.toString(sequence));
        assertThat(outcome.exitCode()).as(sequence + ": " + outcome.err()).isZero();
        requireSamePixelsBelowTheLegend(ImageIO.read(file.toFile()), expected.get(sequence));
      }
    }
  }

  private static void requireSamePixelsBelowTheLegend(BufferedImage painted, byte[] rgb) {
    byte[] seen = new byte[rgb.length];
    for (int pixel = 0; pixel < rgb.length / 3; pixel++) {
      int color = painted.getRGB(pixel % painted.getWidth(), pixel / painted.getWidth());
      seen[3 * pixel] = (byte) (color >> 16);
      seen[3 * pixel + 1] = (byte) (color >> 8);
      seen[3 * pixel + 2] = (byte) color;
    }
    int from = 40 * painted.getWidth() * 3;
    assertThat(Arrays.copyOfRange(seen, from, seen.length))
        .isEqualTo(Arrays.copyOfRange(rgb, from, rgb.length));
  }

  private static Map<Long, byte[]> decodeAll(List<AccessUnit> units) {
    Map<Long, byte[]> pictures = new HashMap<>();
    try (Decoder decoder = new Decoders(Limits.STANDARD).open(upright -> upright)) {
      for (AccessUnit unit : units) {
        keep(decoder.decode(unit, unit.identity().sequence(), true), pictures);
      }
      keep(decoder.drain(), pictures);
    }
    return pictures;
  }

  private static void keep(List<Result> results, Map<Long, byte[]> pictures) {
    for (Result result : results) {
      if (result instanceof Result.Decoded(long ticket, var frame)) {
        try (frame) {
          byte[] rgb = new byte[frame.rgb().remaining()];
          frame.rgb().get(rgb);
          pictures.put(ticket, rgb);
        }
      }
    }
  }

  private static void answer(EmbeddedBroker broker, List<AccessUnit> units) throws Exception {
    try (AnswerLog log = new AnswerLog(broker.bootstrapServers(), Topics.STANDARD, 2)) {
      List<Mask.Source> sources = log.frames(units);
      for (int i = 0; i < units.size(); i++) {
        Mask mask = Answers.mask(units.get(i).identity());
        log.answer(
            new Mask(mask.identity(), mask.content(), mask.release(), sources.get(i)),
            Answers.statistics(mask.identity(), Duration.ofMillis(84)));
      }
    }
  }

  private static Outcome show(EmbeddedBroker broker, Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "mask", "show", "gate", "-d", file.toString(), "-b", broker.bootstrapServers()));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static AccessUnit unit(long sequence, Codec codec, boolean keyframe, byte[] data) {
    Identity identity = identity("gate", "one", sequence, START.plusMillis(40 * sequence));
    return new AccessUnit(
        identity,
        codec,
        keyframe,
        ByteBuffer.wrap(data),
        0,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        false);
  }
}
