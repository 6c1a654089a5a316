package io.maskstream.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// Trains by the commands that a person would give, in processes of their own: the cameras' frames
/// have the right of way (`nice`), and what libtorch takes is given back when it ends.
///
/// @param main class of the program, which is on the class path with the trainer
/// @param pictures to learn from and to judge by
/// @param steps to train
public record TrainCommands(String main, int pictures, int steps) implements Training {

  /// Last lines of a command that failed.
  private static final int TOLD = 5;

  @Override
  public Path train(Path release, Path pictures, Path folder, Consumer<String> notices)
      throws InterruptedException {
    Path run = folder.resolve("run");
    Path better = folder.resolve("better.onnx");
    command(
        notices,
        List.of(
            "train",
            "fit",
            "--init",
            release.toString(),
            "--data",
            pictures.toString(),
            "--out",
            run.toString(),
            "--steps",
            Integer.toString(steps),
            "--evaluate-every",
            Integer.toString(Math.max(1, steps / 4)),
            "--batch",
            "4",
            "--warm-up",
            "10",
            "--average",
            "0.95",
            "--threads",
            "1"));
    command(
        notices,
        List.of(
            "train",
            "release",
            run.resolve("best.onnx").toString(),
            "--data",
            pictures.toString(),
            "--name",
            "scene",
            "--version",
            "retrained",
            "--out",
            better.toString()));
    return better;
  }

  private void command(Consumer<String> notices, List<String> words) throws InterruptedException {
    notices.accept("maskstream " + String.join(" ", words));
    List<String> command = new ArrayList<>(List.of("nice", "-n", "10", java()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.contains("SharedArchive") && !option.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(words);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    Thread told =
        Thread.ofVirtual()
            .start(() ->
                tell(
                    process,
                    line -> {
                      said.add(line);
                      notices.accept(line);
                    }));
    try {
      int exit = process.waitFor();
      told.join();
      if (exit != 0) {
        throw new IllegalStateException(
            "maskstream "
                + words.get(0)
                + " "
                + words.get(1)
                + " ended with "
                + exit
                + ": "
                + String.join("; ", said.subList(Math.max(0, said.size() - TOLD), said.size())));
      }
    } finally {
      process.destroy();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static void tell(Process process, Consumer<String> notices) {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(notices);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
