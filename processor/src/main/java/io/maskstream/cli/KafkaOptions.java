package io.maskstream.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command reaches Kafka; the options of Kafka's own tools.
final class KafkaOptions {

  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas (default: ${DEFAULT-VALUE}).",
      defaultValue = "${env:MASKSTREAM_BOOTSTRAP_SERVERS:-localhost:9092}")
  String bootstrapServers = "localhost:9092";

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "Client properties, such as security.protocol and sasl.jaas.config.")
  @Nullable Path commandConfig;

  /// Properties for any Kafka client: the file's, with the brokers of the command line.
  Properties clientProperties() {
    Properties properties = new Properties();
    if (commandConfig != null) {
      try (var in = Files.newInputStream(commandConfig)) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read --command-config " + commandConfig, e);
      }
    }
    properties.put("bootstrap.servers", bootstrapServers);
    return properties;
  }
}
