package io.maskstream.cli;

import io.maskstream.broker.LocalKafka;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topology.StreamObserver;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What loading a release costs the cameras: latency while a candidate is fetched, proven, opened
/// and warmed up, beside the quiet latency of the same run, in turns. Prints figures;
/// `processor/README.md` says how to run it.
public final class LoadingBesideCameras {

  private static final int ROUNDS = 6;
  private static final int QUIET_SECONDS = 12;

  private LoadingBesideCameras() {}

  /// @param args cameras, their source, and the release's file, by default the demo's
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    String source = args[1];
    Path folder = Files.createTempDirectory("loading");
    byte[] graph = args.length > 2 ? Files.readAllBytes(Path.of(args[2])) : demo();
    List<Path> versions = new ArrayList<>();
    for (int version = 101; version <= 100 + ROUNDS + 1; version++) {
      OnnxModel model = OnnxModel.read(graph, "release");
      model.metadata().put("maskstream.version", Integer.toString(version));
      versions.add(Files.write(folder.resolve("release-" + version + ".onnx"), model.toBytes()));
    }
    List<Long> latencies = Collections.synchronizedList(new ArrayList<>());
    StreamObserver watching =
        new StreamObserver() {
          @Override
          public void answered(Answered answer) {
            latencies.add(answer.statistics().latency().endToEnd().toNanos());
          }
        };
    try (LocalKafka kafka = LocalKafka.start(count);
        Processor processor =
            Processor.open(
                ProcessorConfig.read(
                    null,
                    Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "state.dir",
                        folder.resolve("state").toString(),
                        "inference.provider",
                        "cpu",
                        "model.probation.ms",
                        "0",
                        // A release that was proven on this machine is not proven again.
                        "model.cache.dir",
                        folder.resolve("cache").toString(),
                        "http.listen",
                        "127.0.0.1:0"),
                    Map.of()),
                ReleaseFile.read(versions.getFirst()),
                watching);
        CameraPublisher cameras =
            CameraPublisher.connect(kafka.client(), PublisherSettings.STANDARD, _ -> {})) {
      processor.start();
      for (int camera = 0; camera < count; camera++) {
        cameras.start("camera-" + camera, CameraAddress.of(source));
      }
      TimeUnit.SECONDS.sleep(3 * QUIET_SECONDS);
      List<Long> quiet = new ArrayList<>();
      List<Long> loading = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        latencies.clear();
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        quiet.addAll(List.copyOf(latencies));
        latencies.clear();
        long start = System.nanoTime();
        Outcome outcome =
            Outcome.of(
                "model", "use", versions.get(round).toString(), "-b", kafka.bootstrapServers());
        List<Long> round1 = List.copyOf(latencies);
        loading.addAll(round1);
        System.out.printf(
            "round %d: use took %d ms, exit %d, %d frames meanwhile%n",
            round, (System.nanoTime() - start) / 1_000_000, outcome.exitCode(), round1.size());
      }
      print("quiet", quiet);
      print("while a release is loaded", loading);
    }
  }

  private static byte[] demo() throws Exception {
    try (InputStream in = Processor.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      return in.readAllBytes();
    }
  }

  private static void print(String what, List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "latency, %s: %d frames, p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
        what,
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        sorted[sorted.length - 1] / 1e6);
  }
}
