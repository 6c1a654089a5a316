package io.maskstream.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A class of the test's class path as a process of its own, to be killed at will.
public final class ForkedJvm implements AutoCloseable {

  private final Process process;

  private ForkedJvm(Process process) {
    this.process = process;
  }

  /// @param log takes what the process prints
  public static ForkedJvm start(Path log, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx384m",
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Not with -cp: ONNX Runtime 1.29 crashes at load under a command line of 4096 bytes and more.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    try {
      return new ForkedJvm(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + main, e);
    }
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// SIGKILL.
  public void kill() {
    end(true);
  }

  /// SIGTERM.
  ///
  /// @return the exit code
  public int terminate() {
    end(false);
    return process.exitValue();
  }

  /// SIGTERM.
  @Override
  public void close() {
    end(false);
  }

  private void end(boolean forcibly) {
    if (forcibly) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    try {
      if (!process.waitFor(Duration.ofSeconds(40).toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
