package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.topics.Answers;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.Topics;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Doubtful frames from the log to a labelling task: coded video, a real broker, and masks whose
/// doubts are known.
class LabelCandidatesTest {

  private static final int FRAMES = 100;
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;
  private static final long UNSURE = 33;
  private static final long DISPUTED = 71;

  /// A minute ago, where a span of two seconds begins.
  private static final Instant START =
      Instant.ofEpochSecond(Instant.now().getEpochSecond() / 2 * 2 - 60);

  private static final Release OTHER = new Release("streets", "8", "cd".repeat(32));

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static final Map<Long, byte[]> PICTURES = new HashMap<>();
  private static final Map<Long, Identity> IDENTITIES = new HashMap<>();

  /// Frames of six seconds; the one of them is unsure, on another a shadow disagrees.
  @BeforeAll
  static void aLogOfOneCamera() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    assertThat(Outcome.of("topics", "apply", "--partitions", "2", "-b", servers()).exitCode())
        .isZero();
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource source =
        CameraSource.open("gate", CameraAddress.of("testsrc:160x120"), SourceSettings.STANDARD)) {
      while (units.size() < FRAMES) {
        units.add(at(START.plusMillis(units.size() * 1000L / 15), source.next().orElseThrow()));
      }
    }
    decode(units);
    try (AnswerLog log = new AnswerLog(servers(), Topics.STANDARD)) {
      List<Mask.Source> sources = log.frames(units);
      for (int i = 0; i < FRAMES; i++) {
        Identity identity = units.get(i).identity();
        IDENTITIES.put(identity.sequence(), identity);
        Mask like = Answers.mask(identity);
        log.answer(
            new Mask(identity, like.content(), like.release(), sources.get(i)),
            statistics(identity, identity.sequence() == UNSURE ? 0.2 : 0.75 + i * 1e-3));
      }
    }
    shadow(DISPUTED);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void doubtfulFramesBecomeATaskForCvat(@TempDir Path out) throws Exception {
    Outcome collected = collect();
    assertThat(collected.exitCode()).as(collected.err()).isZero();
    assertThat(collected.out().lines().toList())
        .satisfiesExactlyInAnyOrder(
            line ->
                assertThat(line)
                    .contains(" sequence=33 reason=low_confidence doubt=0.800 release=streets-7"),
            line ->
                assertThat(line)
                    .contains(" sequence=71 reason=disagreement doubt=0.571 release=streets-7")
                    .endsWith("other_release=streets-8"));
    assertThat(collect().out()).as("nothing twice").isEmpty();

    Outcome exported = run("label-candidates", "export", "-d", out.toString());
    assertThat(exported.exitCode()).as(exported.err()).isZero();
    assertThat(exported.err()).contains("pictures=2 left_out=0 format=cvat");
    List<String> names = Files.readAllLines(out.resolve("ImageSets/Segmentation/default.txt"));
    assertThat(names).hasSize(2).allMatch(name -> name.startsWith("gate_"));
    for (long sequence : List.of(UNSURE, DISPUTED)) {
      String name =
          names.stream()
              .filter(each -> each.contains("_" + sequence + "_"))
              .findFirst()
              .orElseThrow();
      requirePicture(ImageIO.read(out.resolve("JPEGImages/" + name + ".png").toFile()), sequence);
      requireMask(ImageIO.read(out.resolve("SegmentationClass/" + name + ".png").toFile()));
    }
    assertThat(Files.readAllLines(out.resolve("labelmap.txt")))
        .as("Cityscapes is recognised by its names, and its colours are used")
        .contains("road:128,64,128::", "car:0,0,142::", "ignored:224,224,192::")
        .hasSize(21);
    assertThat(Files.readAllLines(out.resolve("classes.txt"))).hasSize(19).startsWith("road");
  }

  @Test
  void theLeastSureMasksBecomeAnArchive(@TempDir Path out) throws Exception {
    Path archive = out.resolve("task.zip");
    Outcome outcome =
        run(
            "mask",
            "export",
            "--lowest-confidence",
            "1",
            "--format",
            "cvat",
            "-d",
            archive.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      String name = text(zip, "ImageSets/Segmentation/default.txt").strip();
      assertThat(name).contains("_33_");
      requirePicture(
          ImageIO.read(new ByteArrayInputStream(bytes(zip, "JPEGImages/" + name + ".png"))),
          UNSURE);
      assertThat(text(zip, "labels.json")).contains("{\"name\": \"car\", \"color\": \"#00008e\"");
    }
  }

  @Test
  void saysWhatIsMissing(@TempDir Path out) {
    assertThat(run("label-candidates", "export", "nobody", "-d", out.toString()).err())
        .contains("no candidate in the last PT1H")
        .contains("label-candidates collect");
    assertThat(run("mask", "export", "-d", out.toString()).err()).contains("CAMERA is missing");
  }

  private static Outcome collect() {
    return run(
        "label-candidates",
        "collect",
        "--since",
        "1h",
        "--once",
        "--every",
        "2s",
        "--confidence-below",
        "0.7");
  }

  private static void requirePicture(BufferedImage picture, long sequence) {
    byte[] rgb = PICTURES.get(sequence);
    assertThat(picture.getWidth()).isEqualTo(WIDTH);
    for (int pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      int color =
          (rgb[3 * pixel] & 0xff) << 16
              | (rgb[3 * pixel + 1] & 0xff) << 8
              | rgb[3 * pixel + 2] & 0xff;
      assertThat(picture.getRGB(pixel % WIDTH, pixel / WIDTH) & 0xffffff).isEqualTo(color);
    }
  }

  /// The mask of 4 x 2 pixels covers the whole picture.
  private static void requireMask(BufferedImage mask) {
    byte[] places = (byte[]) mask.getRaster().getDataElements(0, 0, WIDTH, HEIGHT, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        assertThat(places[y * WIDTH + x]).isEqualTo(Answers.CLASSES[y / 60 * 4 + x / 40]);
      }
    }
  }

  /// As if it had been captured then.
  private static AccessUnit at(Instant captured, AccessUnit unit) {
    Identity own = unit.identity();
    return new AccessUnit(
        new Identity(
            own.cameraId(), own.sessionId(), own.sequence(), own.pts(), own.timeBase(), captured),
        unit.codec(),
        unit.keyframe(),
        unit.data(),
        unit.rotationDegrees(),
        unit.colorMatrix(),
        unit.colorRange(),
        false);
  }

  private static FrameStatistics statistics(Identity identity, double confidence) {
    FrameStatistics like = Answers.statistics(identity, Duration.ofMillis(84));
    return new FrameStatistics(
        identity,
        List.of(
            new ClassArea(0, "road", 4, 0.5, confidence, new BoundingBox(0, 0, 2, 2)),
            new ClassArea(13, "car", 3, 0.375, confidence, new BoundingBox(2, 0, 2, 2))),
        8,
        1,
        like.latency(),
        like.release(),
        null);
  }

  private static void shadow(long sequence) throws Exception {
    Identity identity = IDENTITIES.get(sequence);
    byte[] classes = {13, 13, 13, 13, 13, 13, 13, 13};
    Mask mask =
        new Mask(identity, RunLengths.of(classes, 4, 2), OTHER, new Mask.Source(0, 0, 0, 0));
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", servers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  ControlTopics.STANDARD.shadowMasks(),
                  identity.cameraId().getBytes(StandardCharsets.UTF_8),
                  mask.toBytes()))
          .get();
    }
  }

  private static void decode(List<AccessUnit> units) {
    try (Decoder decoder = new Decoders(Limits.STANDARD).open(upright -> upright)) {
      List<Result> results = new ArrayList<>();
      for (AccessUnit unit : units) {
        results.addAll(decoder.decode(unit, unit.identity().sequence(), true));
      }
      results.addAll(decoder.drain());
      for (Result result : results) {
        if (result instanceof Result.Decoded(long sequence, var frame)) {
          try (frame) {
            byte[] rgb = new byte[frame.rgb().remaining()];
            frame.rgb().get(rgb);
            PICTURES.put(sequence, rgb);
          }
        }
      }
    }
  }

  private static byte[] bytes(ZipFile zip, String name) throws Exception {
    try (var in = zip.getInputStream(zip.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  private static String text(ZipFile zip, String name) throws Exception {
    return new String(bytes(zip, name), StandardCharsets.UTF_8);
  }

  private static Outcome run(String... arguments) {
    return Outcome.of(
        Stream.concat(Stream.of(arguments), Stream.of("-b", servers())).toArray(String[]::new));
  }

  private static String servers() {
    return broker.bootstrapServers();
  }
}
