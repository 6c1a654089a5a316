package io.maskstream.cli;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.service.Processor;
import io.maskstream.topology.SegmentationStream.State;
import io.maskstream.topology.StreamObserver;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The processor as a service: runs until it is told to stop, or breaks down.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Answers every access unit on the frames topic with a mask or a marker.",
      "Ends with SIGTERM or Ctrl-C (exit code 0), or when it breaks down (1)."
    })
final class RunCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Mixin ConfigOptions options;

  @Override
  public Integer call() throws InterruptedException {
    ProcessorConfig config = options.read();
    URI model =
        config
            .model()
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "no model: set model=FILE in the configuration, or give -X model=FILE;"
                        + " `maskstream model package` makes one"));
    PrintWriter err = spec.commandLine().getErr();
    config.printout().lines().forEach(err::println);
    try (Processor processor = Processor.open(config, model, StreamObserver.NONE)) {
      processor.start();
      err.println(
          "serving release="
              + processor.release()
              + " on "
              + processor.segmenter().provider()
              + ": "
              + config.stream().topics().frames()
              + " to "
              + config.stream().topics().masks()
              + "; metrics at "
              + processor.address()
              + "/metrics"
              + (config.httpViewer() ? "; viewer at " + processor.address() : ""));
      err.flush();
      return await(processor);
    }
  }

  /// Waits for the end. After a signal the shutdown hook closes everything and ends the program
  /// itself: of their own accord, JVMs that were told to stop exit with 143 or 130.
  private int await(Processor processor) throws InterruptedException {
    Thread hook =
        new Thread(
            () -> {
              processor.close();
              PrintWriter err = spec.commandLine().getErr();
              err.println("stopped");
              err.flush();
              Runtime.getRuntime().halt(processor.failure() == null ? 0 : 1);
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    State end = processor.awaitTermination();
    if (!removed(hook)) {
      hook.join();
    }
    if (end == State.FAILED) {
      processor.requireAccess();
      throw new IllegalStateException(
          "the stream has failed; the log says more", processor.failure());
    }
    return 0;
  }

  /// Whether the hook was taken back before the program began to end.
  private static boolean removed(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
