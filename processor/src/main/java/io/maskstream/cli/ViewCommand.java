package io.maskstream.cli;

import io.maskstream.config.ListenAddress;
import io.maskstream.metrics.Health;
import io.maskstream.metrics.Metrics;
import io.maskstream.metrics.MetricsServer;
import io.maskstream.topics.ControlTopics;
import io.maskstream.video.Limits;
import io.maskstream.view.AccessToken;
import io.maskstream.view.Viewer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The viewer as a process of its own, which reads Kafka and computes nothing.
@Command(
    name = "view",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the cameras with their masks in a browser, until it is stopped.",
      "Without --token-file only this machine may look."
    })
final class ViewCommand implements Runnable {

  private static final Health WELL = new Health(true, true, "serving");

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where it listens; port 0 takes a free one (default: ${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:8080")
  String listen = "127.0.0.1:8080";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds what a browser on another machine has to know to look.")
  @Nullable Path tokenFile;

  @Option(
      names = "--for",
      paramLabel = "SPAN",
      description = "End after this time, such as 10m.",
      converter = Span.class)
  @Nullable Duration span;

  @Override
  public void run() {
    ListenAddress address = ListenAddress.parse(listen);
    try (Viewer viewer =
            new Viewer(
                kafka.clientProperties(),
                topics.topics(),
                ControlTopics.withPrefix(topics.prefix),
                Limits.STANDARD,
                token());
        MetricsServer server =
            MetricsServer.open(
                address.host(), address.port(), new Metrics(0), () -> WELL, viewer)) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("viewer at " + server.address());
      err.flush();
      // Ctrl-C ends the program itself; nothing is left behind by it.
      Thread.sleep(span == null ? ChronoUnit.FOREVER.getDuration() : span);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<AccessToken> token() {
    Path file = tokenFile;
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(AccessToken.of(Files.readString(file).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read --token-file " + file, e);
    }
  }
}
