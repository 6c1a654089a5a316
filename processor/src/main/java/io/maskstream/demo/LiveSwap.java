package io.maskstream.demo;

import io.maskstream.broker.LocalKafka;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A release that takes over while the cameras run, as `maskstream model use` has it. One thread
/// uses it, the demo's; another waits for the processor.
final class LiveSwap {

  private static final Duration WAIT = Duration.ofMinutes(2);

  private final FutureTask<Assignment> task;

  /// Begins.
  LiveSwap(LocalKafka kafka, ReleaseFile release) {
    Path file = kafka.folder().resolve(release + ".onnx");
    try {
      Files.write(file, release.graph());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the release " + file, e);
    }
    task =
        new FutureTask<>(() -> {
          try (ModelAssigner assigner =
              ModelAssigner.open(kafka.client(), ControlTopics.STANDARD, ModelHistory.ALL)) {
            return assigner.use(
                release.release(),
                file.toUri().toString(),
                release.inputSize().toFrameSize(),
                WAIT,
                ModelAssigner.MARGIN,
                _ -> {});
          }
        });
    Thread.ofPlatform().name("demo-swap").daemon().start(task);
  }

  boolean isDone() {
    return task.isDone();
  }

  /// What was assigned.
  ///
  /// @throws IllegalStateException if the processor has refused it
  Assignment assigned() throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the release could not be swapped", e.getCause());
    }
  }
}
