package io.maskstream.inference;

import io.maskstream.gate.Reason;
import io.maskstream.release.ReleaseFile;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Lets a candidate that has passed the gate run in a process of its own, with bounded memory and
/// time and without a secret in its environment, before it is loaded beside the release that
/// serves. A candidate that allocates without end, never comes back or crashes takes down that
/// process only.
///
/// The candidate goes through a pipe, so that what is proven is what was checked, whatever happens
/// to its file. The process is nice, so that cameras have the right of way. Its memory is bounded
/// on the CPU only: what a GPU's libraries map cannot be told from what the candidate takes.
///
/// Thread-safe; blocks its caller up to the deadline.
public final class Proof {

  private static final int MAX_ANSWER = 1 << 16;
  private static final long JAVA_BYTES = 256L << 20;

  /// Room that a JVM takes besides its heap.
  private static final long NATIVE_BYTES = 400L << 20;

  /// What a GPU's libraries are found by; all else stays here.
  private static final Set<String> OF_THE_GPU =
      Set.of("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES");

  private final ProofLimits limits;

  public Proof(ProofLimits limits) {
    this.limits = limits;
  }

  /// All that a verdict depends on beside the release, in words: another ONNX Runtime, other limits
  /// or another kind of machine may come to another.
  public String conditions() {
    return String.join(" ", ProofMain.arguments(limits))
        + " onnxruntime "
        + Sessions.environment().getVersion()
        + " "
        + System.getProperty("os.arch");
  }

  /// Runs the proof.
  ///
  /// @throws UncheckedIOException if no process can be started
  /// @throws InterruptedException if the caller is; the process is ended then
  public Verdict prove(ReleaseFile release) throws InterruptedException {
    byte[] graph = release.graph();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("maskstream-proof");
      return run(release, graph, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the proof of " + release + " cannot be started: " + e.getMessage(), e);
    } finally {
      if (folder != null) {
        delete(folder);
      }
    }
  }

  private Verdict run(ReleaseFile release, byte[] graph, Path folder)
      throws IOException, InterruptedException {
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command(graph.length, folder))
            .directory(folder.toFile())
            .redirectError(said.toFile());
    Map<String, String> kept = new HashMap<>(builder.environment());
    kept.keySet().retainAll(OF_THE_GPU);
    builder.environment().clear();
    builder.environment().putAll(kept);
    // Not with -cp: ONNX Runtime 1.29 crashes at load under a command line of 4096 bytes and more.
    builder.environment().put("CLASSPATH", absolute(System.getProperty("java.class.path")));
    builder.environment().put("PATH", "/usr/bin:/bin");
    Duration deadline = limits.deadlineOf(graph.length);
    long ends = System.nanoTime() + deadline.toNanos();
    Process process = builder.start();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> talk(process, graph), threads);
      try {
        byte[] verdict = answer.get(ends - System.nanoTime(), TimeUnit.NANOSECONDS);
        return Verdict.read(new DataInputStream(new ByteArrayInputStream(verdict)));
      } catch (TimeoutException e) {
        return new Verdict.Refused(
            Reason.DEADLINE,
            "release "
                + release
                + " does not come back within "
                + deadline.toMillis()
                + " ms and was ended; take a smaller net or size, or raise the proof's deadline");
      } catch (ExecutionException | IOException e) {
        return ended(release, process, said);
      } finally {
        // Its pipes close with it, and so does the thread that talks to it.
        process.destroyForcibly();
      }
    }
  }

  private static byte[] talk(Process process, byte[] graph) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(graph);
    } catch (IOException e) {
      // It has ended before it read everything; what it said is worth more than this.
    }
    try {
      return process.getInputStream().readNBytes(MAX_ANSWER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The process ended without a verdict.
  private Verdict ended(ReleaseFile release, Process process, Path said)
      throws InterruptedException {
    process.waitFor(1, TimeUnit.SECONDS);
    int exit = process.isAlive() ? -1 : process.exitValue();
    String last = lastWords(said);
    boolean memory =
        exit == 3 || exit == 137 || last.contains("OutOfMemory") || last.contains("bad_alloc");
    return memory
        ? new Verdict.Refused(
            Reason.MEMORY,
            "release "
                + release
                + " wants more than "
                + limits.memoryBytes()
                + " bytes of memory and was ended; take a smaller net or size, or raise the "
                + "proof's memory")
        : new Verdict.Refused(
            Reason.CRASH,
            "release "
                + release
                + " ends the process that runs it with exit code "
                + exit
                + (last.isEmpty() ? "" : " (" + last + ")")
                + "; package it again, or for another version of ONNX Runtime");
  }

  private static String lastWords(Path said) {
    try (Stream<String> lines = Files.lines(said, StandardCharsets.ISO_8859_1)) {
      String last = lines.limit(200).filter(line -> !line.isBlank()).reduce("", (_, b) -> b);
      return last.substring(0, Math.min(300, last.length())).replaceAll("\\p{Cntrl}", " ");
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  private List<String> command(long graphBytes, Path folder) {
    // The bytes themselves, as parsed, and the copy that is watched for NaN.
    long heap = JAVA_BYTES + 6 * graphBytes;
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/bin/sh"))) {
      // RLIMIT_DATA counts what is written to, not what a JVM merely reserves.
      long kibibytes = (heap + NATIVE_BYTES + 4 * graphBytes + limits.memoryBytes()) >> 10;
      String bounded = mayUseGpu() ? "" : "ulimit -d " + kibibytes + "; ";
      command.addAll(
          List.of("/bin/sh", "-c", "ulimit -c 0; " + bounded + "exec nice -n 10 \"$@\"", "sh"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx" + (heap >> 20) + "m",
            "-XX:MaxDirectMemorySize=" + limits.memoryBytes(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-Djava.io.tmpdir=" + folder));
    if (System.getProperty("onnxruntime.native.path") != null) {
      command.add("-Donnxruntime.native.path=" + System.getProperty("onnxruntime.native.path"));
    }
    command.add(ProofMain.class.getName());
    command.addAll(List.of(ProofMain.arguments(limits)));
    return command;
  }

  private boolean mayUseGpu() {
    return switch (limits.provider()) {
      case CPU -> false;
      case CUDA -> true;
      case AUTO -> System.getProperty("java.class.path").contains("onnxruntime_gpu");
    };
  }

  /// The process works in another folder.
  private static String absolute(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElse("");
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A temporary folder that stays is no reason to refuse a release.
    }
  }
}
