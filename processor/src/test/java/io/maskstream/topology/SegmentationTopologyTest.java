package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Mask;
import io.maskstream.wire.WindowStatistics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole graph as Kafka Streams runs it, but for brokers.
class SegmentationTopologyTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir Path stateDir;

  private final PaperDecoder.Leaks leaks = new PaperDecoder.Leaks();
  private final HandSegmenter segmenter = new HandSegmenter().answeringAtOnce(true);
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> frames;
  private TestOutputTopic<byte[], byte[]> masks;
  private TestOutputTopic<byte[], byte[]> windows;

  @BeforeEach
  void start() {
    StreamSettings settings = StreamSettings.of("nowhere:1", "graph", stateDir);
    Properties properties = StreamsProperties.of(settings);
    driver =
        new TopologyTestDriver(
            SegmentationTopology.build(parts(settings)), properties, NOON.plusSeconds(3600));
    var serializer = new ByteArraySerializer();
    var deserializer = new ByteArrayDeserializer();
    Topics topics = settings.topics();
    frames = driver.createInputTopic(topics.frames(), serializer, serializer);
    masks = driver.createOutputTopic(topics.masks(), deserializer, deserializer);
    windows = driver.createOutputTopic(topics.windowStatistics(), deserializer, deserializer);
  }

  @AfterEach
  void stop() {
    driver.close();
    assertThat(leaks.decoders()).hasValue(0);
  }

  @Test
  void theGraphIsTheOneThatIsWrittenDown() throws Exception {
    String golden;
    try (var in = getClass().getResourceAsStream("topology.txt")) {
      golden = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(
            SegmentationTopology.build(parts(StreamSettings.of("a:1", "graph", stateDir)))
                .describe()
                .toString())
        .isEqualTo(golden);
  }

  @Test
  void aCamerasFastClockDoesNotCloseTheWindowsOfAnother() {
    PaperCamera gate = new PaperCamera("gate");
    PaperCamera fast = new PaperCamera("fast");
    pipe(gate.next('I', NOON));
    pipe(fast.next('I', NOON.plusSeconds(86_400)));
    pipe(fast.next('P', NOON.plusSeconds(86_400)));
    pipe(gate.next('P', NOON.plusSeconds(1)));
    pipe(gate.next('P', NOON.plusSeconds(2)));
    assertThat(windows.isEmpty()).isTrue();
    pipe(gate.next('P', NOON.plusSeconds(71)));
    pipe(gate.next('P', NOON.plusSeconds(72)));
    WindowStatistics window = WindowStatistics.parse(windows.readValue());
    assertThat(window.cameraId()).isEqualTo("gate");
    assertThat(window.windowStart()).isEqualTo(NOON);
    assertThat(window.maskCount()).isEqualTo(3);
    assertThat(windows.isEmpty()).isTrue();
  }

  @Test
  void aSilentCamerasWindowIsSentOnceByTheClock() {
    PaperCamera gate = new PaperCamera("gate");
    pipe(gate.next('I', NOON));
    for (int second = 0; second < 90; second++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    assertThat(masks.readValuesToList()).extracting(value -> Mask.parse(value)).hasSize(1);
    assertThat(windows.readValuesToList())
        .extracting(value -> WindowStatistics.parse(value).maskCount())
        .containsExactly(1L);
  }

  private void pipe(AccessUnit unit) {
    frames.pipeInput(
        unit.identity().cameraId().getBytes(StandardCharsets.UTF_8), AccessUnits.toBytes(unit));
  }

  private StreamParts parts(StreamSettings settings) {
    return new StreamParts(
        settings,
        _ -> new PaperDecoder(leaks),
        Releases.only(segmenter),
        _ -> new NothingToReplay(),
        StreamObserver.NONE);
  }

  private static final class NothingToReplay implements FrameLog {
    @Override
    public OptionalLong committed() {
      return OptionalLong.empty();
    }

    @Override
    public long firstOffset() {
      return 0;
    }

    @Override
    public void replay(long from, long toExclusive, Consumer<Logged> sink) {
      throw new AssertionError(List.of(from, toExclusive));
    }

    @Override
    public void close() {}
  }
}
