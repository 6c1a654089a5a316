package io.maskstream.topology;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topology.SegmentationStream.State;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;

/// A processor to be killed: the real stream with the real decoder and the demo's network, as a
/// process of its own. Arguments: brokers, application id, state folder, input topic, prefix of the
/// output topics.
public final class ProcessorProcess {

  private ProcessorProcess() {}

  public static void main(String[] args) throws Exception {
    ReleaseFile release;
    try (InputStream in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      release = ReleaseFile.of(in.readAllBytes(), "scene.onnx");
    }
    InferenceSettings inference =
        new InferenceSettings(
            Provider.CPU, 1, false, 2, 4, Duration.ofMillis(2), Duration.ofSeconds(20));
    Topics outputs = Topics.withPrefix(args[4]);
    StreamSettings settings =
        StreamSettings.of(args[0], args[1], Path.of(args[2]))
            .withTopics(
                new Topics(
                    args[3],
                    outputs.masks(),
                    outputs.statistics(),
                    outputs.windowStatistics(),
                    outputs.deadLetters()));
    Decoders decoders = new Decoders(Limits.STANDARD);
    OnnxSegmenter segmenter = OnnxSegmenter.open(release, inference, InferenceObserver.NONE);
    SegmentationStream stream =
        SegmentationStream.open(settings, decoders::open, segmenter, new Printer());
    Runtime.getRuntime().addShutdownHook(new Thread(stream::close));
    stream.start();
    State end = stream.awaitTermination();
    if (end == State.FAILED) {
      System.err.println("failed: " + stream.failure());
      Runtime.getRuntime().halt(1);
    }
  }

  private static final class Printer implements StreamObserver {
    @Override
    public void recovered(int partition, long accessUnits, Duration took) {
      System.out.println("recovered access units: " + accessUnits);
    }
  }
}
