package io.maskstream.cli;

import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.gate.RefusedException;
import io.maskstream.inference.Proof;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Provider;
import io.maskstream.inference.Verdict;
import io.maskstream.release.ReleaseFile;
import io.maskstream.store.ReleaseStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Does to a release what a processor does before it serves one.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Does to a release what a processor does before it serves one: compares digest and signature, "
          + "checks its bytes, and runs it in a process of its own.",
      "Exits with 1 and the reason if it is refused."
    })
final class ModelVerifyCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "RELEASE",
      description = "The .onnx file of a release: a path, file:, https: or s3:.")
  String place = "";

  @Option(
      names = "--provider",
      defaultValue = "auto",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  String provider = "auto";

  @Option(names = "--sha256", description = "The digest that the file should have.")
  @Nullable String sha256;

  @Option(
      names = "--accept",
      paramLabel = "FILE",
      description = "Public key that may have signed; may be given more than once.")
  List<Path> accepted = new ArrayList<>();

  @Option(
      names = "--allow-downgrade",
      description = "Accept a version older than the latest, though it was never verified here.")
  boolean allowDowngrade;

  @Option(
      names = "--batch",
      defaultValue = "4",
      description = "Largest batch to try (default: ${DEFAULT-VALUE}).")
  int batch = 4;

  @Option(
      names = "--budget",
      paramLabel = "MILLISECONDS",
      description = "What a frame of 640x480, or of its fixed size, may take.")
  @Nullable Long budget;

  @Option(
      names = "--deadline",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description =
          "What running it may take in all, and a second more for every 4 MiB of its file above "
              + "16 (default: ${DEFAULT-VALUE}).")
  int deadline = 15;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "2048",
      description = "What running it may take beside its file (default: ${DEFAULT-VALUE}).")
  long memory = 2048;

  @Option(names = "--allow-control-flow", description = "Let If, Loop and Scan pass.")
  boolean controlFlow;

  @Option(
      names = "--allow-coarser-maps",
      description = "Let class maps pass that are smaller than the frame.")
  boolean coarserMaps;

  @Mixin StoreArguments arguments = new StoreArguments();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws InterruptedException {
    Gate gate =
        new Gate(GateLimits.STANDARD.withControlFlow(controlFlow).withCoarserMaps(coarserMaps));
    ProofLimits limits = limits();
    try {
      Path file =
          arguments.fetched(
              ReleaseStore.address(place), Optional.ofNullable(sha256), accepted, allowDowngrade);
      gate.checkSize(size(file), place);
      ReleaseFile release = gate.check(read(file), place);
      return switch (new Proof(limits).prove(release)) {
        case Verdict.Proven proven -> told(release, proven);
        case Verdict.Refused refused ->
            throw new RefusedException(refused.reason(), refused.sentence());
      };
    } catch (RefusedException e) {
      spec.commandLine().getErr().println("refused, " + e.reason() + ": " + e.sentence());
      if (format == OutputFormat.JSON) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("refused", true);
        properties.put("reason", e.reason().name());
        properties.put("sentence", e.sentence());
        spec.commandLine().getOut().println(format.write(properties));
      }
      return 1;
    }
  }

  private ProofLimits limits() {
    try {
      return new ProofLimits(
          Provider.of(provider),
          batch,
          Duration.ofSeconds(deadline),
          memory << 20,
          Optional.ofNullable(budget).map(Duration::ofMillis),
          coarserMaps);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the release " + file + ": " + e, e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the release " + file + ": " + e, e);
    }
  }

  private int told(ReleaseFile release, Verdict.Proven proven) {
    Map<String, Object> properties = new LinkedHashMap<>(ModelInspectCommand.properties(release));
    properties.put("signature", accepted.isEmpty() ? "not asked for" : "valid");
    properties.put("golden_frames", proven.goldenFrames());
    properties.put("golden_differing", proven.differing());
    properties.put("frame_ms", proven.frameTime().toNanos() / 1e6);
    properties.put("memory_mib", proven.memoryBytes() >> 20);
    properties.put("runs", true);
    properties.put("provider", proven.provider().toString());
    properties.put("batch_max", proven.batchMax());
    spec.commandLine().getOut().println(format.write(properties));
    return 0;
  }
}
