package io.maskstream.view;

import io.maskstream.camera.Scene;
import io.maskstream.camera.SceneEncoder;
import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.statistics.FrameAreas;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.Topics;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Codec;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Cameras whose pictures and masks both say which one they are: eight blocks at the top are the
/// bits of the picture's number, light or dark in the picture, person or sky in the mask. So a test
/// can tell from pixels alone whether a mask lies on its own picture.
///
/// The masks are the truth of the scene; those of the candidate are it too, but miss every tree.
final class TellingCameras implements AutoCloseable {

  static final int WIDTH = 480;
  static final int HEIGHT = 360;
  static final int FPS = 15;
  static final int BLOCK = 16;
  static final int BITS = 8;

  /// Pictures of the clip, which is played again and again; pts modulo this is what the bits say.
  static final int CLIP = 60;

  static final int ONE = 5;
  static final int ZERO = 0;

  private static final int GOP = 30;
  private static final int BEHIND = 2;
  private static final int TREE = 3;
  private static final int BUILDING = 1;
  static final Release SERVING = new Release("scene", "1", "ab".repeat(32));
  static final Release CANDIDATE = new Release("scene", "2-candidate", "cd".repeat(32));

  private final Topics topics = Topics.STANDARD;
  private final List<String> cameras;
  private final String session = "session-" + System.nanoTime();
  private final List<List<Telling>> clips;
  private final KafkaProducer<String, byte[]> producer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Instant begin = Instant.now();
  private volatile boolean shadowed;
  private long next;

  /// A picture of the clip with its masks.
  record Telling(AccessUnit unit, RunLengths mask, RunLengths candidate) {}

  private TellingCameras(Properties client, List<String> cameras, List<List<Telling>> clips) {
    this.cameras = List.copyOf(cameras);
    this.clips = clips;
    Properties properties = new Properties();
    properties.putAll(client);
    producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  /// Begins to publish in real time; masks follow two pictures behind.
  ///
  /// @param clips of the cameras in turn
  static TellingCameras start(Properties client, List<String> cameras, List<List<Telling>> clips) {
    TellingCameras telling = new TellingCameras(client, cameras, clips);
    telling.clock.scheduleAtFixedRate(telling::publish, 0, 1_000_000 / FPS, TimeUnit.MICROSECONDS);
    return telling;
  }

  /// Whether a candidate answers too, from the next picture on.
  void shadow(boolean on) {
    shadowed = on;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    producer.close(Duration.ofSeconds(5));
  }

  /// @param name each has a scene of its own
  static List<Scene.Picture> pictures(String name) {
    Scene scene = Scene.ofCamera(name, WIDTH, HEIGHT, Scene.Look.VARIED);
    return IntStream.range(0, CLIP).mapToObj(i -> tell(i, scene.at((double) i / FPS))).toList();
  }

  static List<Telling> clip(List<Scene.Picture> pictures, Codec codec) {
    Settings settings = new Settings(codec, WIDTH, HEIGHT, FPS, GOP, 0);
    List<AccessUnit> units = new ArrayList<>();
    try (SceneEncoder encoder = SceneEncoder.open("any", settings, InstantSource.system())) {
      pictures.forEach(picture -> units.addAll(encoder.encode(picture.rgb())));
      units.addAll(encoder.end());
    }
    if (units.size() != CLIP) {
      throw new AssertionError("encoder gave " + units.size() + " of " + CLIP + " units: " + codec);
    }
    return units.stream()
        .map(unit -> telling(unit, pictures.get((int) unit.identity().pts()).classes()))
        .toList();
  }

  private static Telling telling(AccessUnit unit, byte[] classes) {
    byte[] missing = classes.clone();
    for (int i = 0; i < missing.length; i++) {
      missing[i] = missing[i] == TREE ? (byte) BUILDING : missing[i];
    }
    return new Telling(
        unit, RunLengths.of(classes, WIDTH, HEIGHT), RunLengths.of(missing, WIDTH, HEIGHT));
  }

  private static Scene.Picture tell(int number, Scene.Picture picture) {
    for (int y = 0; y < BLOCK; y++) {
      for (int x = 0; x < BITS * BLOCK; x++) {
        boolean one = (number >> (x / BLOCK) & 1) == 1;
        int pixel = y * WIDTH + x;
        picture.classes()[pixel] = (byte) (one ? ONE : ZERO);
        for (int c = 0; c < 3; c++) {
          picture.rgb()[3 * pixel + c] = (byte) (one ? 235 : 16);
        }
      }
    }
    return picture;
  }

  private void publish() {
    long now = next++;
    for (String camera : cameras) {
      AccessUnit unit = unit(camera, now);
      send(topics.frames(), camera, AccessUnits.toBytes(unit));
      if (now >= BEHIND) {
        answer(camera, now - BEHIND);
      }
    }
  }

  private void answer(String camera, long number) {
    Telling telling = telling(camera, number);
    Identity identity = identity(camera, number);
    Mask.Source source = new Mask.Source(0, number, WIDTH, HEIGHT);
    Latency latency =
        new Latency(
            Duration.between(identity.captureTime(), Instant.now()),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            Duration.ofMillis(1));
    send(topics.masks(), camera, new Mask(identity, telling.mask(), SERVING, source).toBytes());
    send(
        topics.statistics(),
        camera,
        FrameAreas.of(telling.mask(), null, names())
            .toStatistics(identity, latency, SERVING)
            .toBytes());
    if (shadowed) {
      send(
          ControlTopics.STANDARD.shadowMasks(),
          camera,
          new Mask(identity, telling.candidate(), CANDIDATE, source).toBytes());
    }
  }

  private void send(String topic, String camera, byte[] value) {
    producer.send(new ProducerRecord<>(topic, camera, value));
  }

  private AccessUnit unit(String camera, long number) {
    AccessUnit of = telling(camera, number).unit();
    return new AccessUnit(
        identity(camera, number),
        of.codec(),
        of.keyframe(),
        of.data(),
        0,
        of.colorMatrix(),
        of.colorRange(),
        false);
  }

  private Identity identity(String camera, long number) {
    long pts = number / CLIP * CLIP + telling(camera, number).unit().identity().pts();
    return new Identity(
        camera, session, number, pts, new TimeBase(1, FPS), begin.plusMillis(pts * 1000 / FPS));
  }

  private Telling telling(String camera, long number) {
    return clips.get(cameras.indexOf(camera) % clips.size()).get((int) (number % CLIP));
  }

  static List<String> names() {
    return Scene.CLASSES.stream().map(Scene.SceneClass::name).toList();
  }
}
