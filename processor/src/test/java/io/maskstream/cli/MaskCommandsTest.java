package io.maskstream.cli;

import static io.maskstream.topics.Answers.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.CocoMask;
import io.maskstream.topics.Answers;
import io.maskstream.topology.Topics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as a user types them, against Kafka's own broker and records made by the wire's own
/// records.
class MaskCommandsTest {

  private static final Instant START = Instant.now().minusSeconds(600);
  private static final String HOSTILE = "../../x";
  private static final Marker DAMAGED = new Marker(Reason.UNDECODABLE, "cut short\u001b[2J");

  @TempDir static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void aLogOfThreeCameras() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    try (AnswerLog log = new AnswerLog(broker.bootstrapServers(), Topics.STANDARD, 3)) {
      log.masks(identities("gate", 0, 400));
      log.aborted(identity("gate", "one", 400, START.plusSeconds(16)));
      log.garbage("gate", new byte[] {1, 2, 3});
      Identity damaged = identity("gate", "one", 401, START.plusSeconds(17));
      log.answer(Answers.marker(damaged, DAMAGED), Answers.markerStatistics(damaged, DAMAGED));
      log.masks(identities("yard", 0, 3));
      log.masks(List.of(identity(HOSTILE, "../s", 0, Instant.now())));
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void tailPrintsEveryCommittedAnswerOnceInOrder() {
    Outcome outcome = run("mask", "tail", "gate", "--from", "beginning", "--max", "401");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).hasSize(402);
    assertThat(lines.getFirst()).startsWith("CAMERA").endsWith("ANSWER");
    assertThat(lines.subList(1, 401))
        .extracting(line -> line.split(" +")[2])
        .isEqualTo(LongStream.range(0, 400).mapToObj(Long::toString).toList());
    assertThat(lines.get(1).split(" +"))
        .containsExactly(
            "gate",
            "one",
            "0",
            "0",
            "4x2",
            "84.0",
            "ms",
            "streets-7",
            "road",
            "50%,",
            "car",
            "38%");
    assertThat(lines.getLast()).contains(" 401 ").endsWith("undecodable: cut short?[2J");
    assertThat(outcome.err())
        .contains("record cannot be read: maskstream.masks-")
        .contains("a mask");
  }

  @Test
  void tailWritesTheMessagesAsJson() {
    Outcome outcome =
        run("mask", "tail", "yard", "--from", "beginning", "--max", "1", "-o", "json");
    assertThat(outcome.out().strip())
        .isEqualTo(
            """
            {"camera_id":"yard","session_id":"one","sequence":0,"pts":0,"time_base":"1/90000",\
            "capture_time":"%s","width":4,"height":2,"source_width":8,"source_height":4,\
            "source_partition":0,"source_offset":0,"mask_bytes":%d,\
            "release":{"name":"streets","version":"7","sha256":"%s"},\
            "classes":[{"class_id":0,"class_name":"road","pixel_count":4,"area_fraction":0.5,\
            "mean_confidence":0.9,"bounding_box":{"x":0,"y":0,"width":2,"height":2}},\
            {"class_id":13,"class_name":"car","pixel_count":3,"area_fraction":0.375,\
            "bounding_box":{"x":2,"y":0,"width":2,"height":2}}],\
            "latency":{"end_to_end_micros":84000,"decode_micros":2000,"queue_micros":3000,\
            "inference_micros":40000,"encode_micros":1000}}\
            """
                .formatted(
                    START,
                    Answers.mask(identity("yard", "one", 0, START)).toBytes().length,
                    "ab".repeat(32)));
  }

  @Test
  void tailFromTheEndSaysWhoIsThereWhenNothingComes() {
    Outcome outcome = run("mask", "tail", "gaet", "--for", "6s");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err())
        .contains("no answer yet: topic=maskstream.masks cameras there: ../../x, gate, yard");
  }

  @Test
  void exportWritesTheNewestMasksWithVocsPalette(@TempDir Path out) throws IOException {
    Outcome outcome = run("mask", "export", "gate", "--max", "3", "-d", out.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(names(out))
        .containsExactly(
            "gate_one_397_1429200.png", "gate_one_398_1432800.png", "gate_one_399_1436400.png");
    BufferedImage image = ImageIO.read(out.resolve("gate_one_399_1436400.png").toFile());
    assertThat((byte[]) image.getRaster().getDataElements(0, 0, 4, 2, null))
        .isEqualTo(Answers.CLASSES);
    assertThat(image.getRGB(2, 0) & 0xffffff).as("VOC's colour of class 13").isEqualTo(0xc00080);
  }

  @Test
  void exportWritesGreyPicturesOfClassIds(@TempDir Path out) throws IOException {
    assertThat(run("mask", "export", "yard", "--format", "png", "-d", out.toString()).exitCode())
        .isZero();
    assertThat(names(out)).hasSize(3);
    BufferedImage image = ImageIO.read(out.resolve("yard_one_0_0.png").toFile());
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    assertThat((byte[]) image.getRaster().getDataElements(0, 0, 4, 2, null))
        .isEqualTo(Answers.CLASSES);
  }

  @Test
  void exportWritesCocoWithTheReleasesNames(@TempDir Path out) throws IOException {
    Outcome outcome =
        run("mask", "export", "yard", "--max", "1", "--format", "coco", "-d", out.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    String counts = CocoMask.of(new ClassPicture(4, 2, Answers.CLASSES)).getLast().countsString();
    assertThat(Files.readString(out.resolve("yard_streets-7_abababab.coco.json")))
        .isEqualTo(
            """
            {"annotations":[
            {"id":1,"image_id":1,"category_id":0,"segmentation":{"size":[2,4],"counts":"044"},\
            "area":4,"bbox":[0,0,2,2],"iscrowd":0},
            {"id":2,"image_id":1,"category_id":13,"segmentation":{"size":[2,4],"counts":"%s"},\
            "area":3,"bbox":[2,0,2,2],"iscrowd":0}
            ],"images":[
            {"id":1,"file_name":"yard_one_2_7200.png","width":4,"height":2,\
            "date_captured":"%s","camera_id":"yard","session_id":"one","sequence":2,"pts":7200}
            ],"categories":[
            {"id":0,"name":"road"},
            {"id":13,"name":"car"}
            ]}
            """
                .formatted(counts, START.plusMillis(80)));
  }

  @Test
  void noCameraIdLeadsOutOfTheFolder(@TempDir Path parent) throws IOException {
    Path out = parent.resolve("a/b/c");
    for (String format : List.of("voc", "png", "coco")) {
      Outcome outcome =
          run("mask", "export", HOSTILE, "--last", "60s", "--format", format, "-d", out.toString());
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }
    try (Stream<Path> files = Files.walk(parent).filter(Files::isRegularFile)) {
      assertThat(files.toList())
          .hasSize(2)
          .allSatisfy(file -> assertThat(file.getParent()).isEqualTo(out));
    }
  }

  @Test
  void exportSaysWhenTheNewestMaskWasCaptured(@TempDir Path out) {
    Outcome outcome = run("mask", "export", "yard", "--last", "60s", "-d", out.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("camera=yard, its newest was captured at " + START.plusMillis(80));
  }

  @Test
  void anUnknownCameraIsToldFromThoseThatAreThere(@TempDir Path out) {
    for (List<String> command : List.of(List.of("show"), List.of("export"))) {
      Outcome outcome =
          run("mask", command.getFirst(), "gaet", "-d", out.resolve("x.png").toString());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .contains(
              "no mask: camera=gaet topic=maskstream.masks; cameras there: ../../x, gate, yard");
    }
  }

  @Test
  void showSaysWhyAFrameHasNoMask(@TempDir Path out) {
    Outcome outcome =
        run("mask", "show", "gate", "--sequence", "401", "-d", out.resolve("x.png").toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("camera=gate sequence=401").contains("UNDECODABLE");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void anEmptyTopicAndAMissingOneAreNamed(@TempDir Path out) throws Exception {
    AnswerLog.create(broker.bootstrapServers(), 1, "empty.masks", "empty.statistics");
    Outcome empty = run("mask", "export", "gate", "--topic-prefix", "empty", "-d", out.toString());
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.err()).contains("topic is empty: empty.masks").contains("maskstream run");
    Outcome missing = run("mask", "tail", "--topic-prefix", "none");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .contains("topic is missing: none.masks, none.statistics")
        .contains("maskstream topics apply");
    assertThat(run("watch", "--topic-prefix", "none").err())
        .contains("topic is missing: none.statistics");
  }

  @Test
  void anUnreachableBrokerIsSaidInTenSeconds() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    long start = System.nanoTime();
    Outcome outcome = Outcome.of("mask", "tail", "-b", "127.0.0.1:" + port);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("no broker answers within 10 s: bootstrap.servers=127.0.0.1:" + port);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void watchPrintsOneLineASecondWhereNobodyLooks() throws Exception {
    Topics topics = Topics.withPrefix("watched");
    try (AnswerLog log = new AnswerLog(broker.bootstrapServers(), topics, 2)) {
      var watch =
          CompletableFuture.supplyAsync(
              () -> run("watch", "--for", "5s", "--topic-prefix", "watched"));
      for (int i = 0; !watch.isDone(); i++) {
        log.masks(List.of(identity("gate", "one", i, Instant.now())));
      }
      Outcome outcome = watch.get();
      assertThat(outcome.exitCode()).as(outcome.err()).isZero();
      List<String> lines = outcome.out().lines().toList();
      assertThat(lines).hasSizeBetween(4, 6);
      assertThat(lines.getLast())
          .matches(
              "\\S+Z cameras=1 fps=[1-9]\\d*\\.\\d masks=[1-9]\\d* markers=0 gaps=0 \\| gate"
                  + " fps=\\S+ p50_ms=84.0 p99_ms=84.0 road 50%, car 38%");
      assertThat(outcome.out()).doesNotContain("\u001b");
    }
  }

  private static Outcome run(String... arguments) {
    return Outcome.of(
        Stream.concat(Stream.of(arguments), Stream.of("-b", broker.bootstrapServers()))
            .toArray(String[]::new));
  }

  private static List<Identity> identities(String camera, int first, int count) {
    return LongStream.range(first, first + count)
        .mapToObj(i -> identity(camera, "one", i, START.plusMillis(40 * i)))
        .toList();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
