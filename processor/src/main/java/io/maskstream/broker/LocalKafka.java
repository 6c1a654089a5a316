package io.maskstream.broker;

import io.maskstream.topics.Cluster;
import io.maskstream.topics.TopicTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/// A broker of this process with Maskstream's topics, in a scratch folder that goes with it.
public final class LocalKafka implements AutoCloseable {

  private final Path folder;
  private final EmbeddedBroker broker;

  private LocalKafka(Path folder, EmbeddedBroker broker) {
    this.folder = folder;
    this.broker = broker;
  }

  /// @param partitions of every topic
  public static LocalKafka start(int partitions) {
    Path folder;
    try {
      folder = Files.createTempDirectory("maskstream-");
    } catch (IOException e) {
      throw new UncheckedIOException("no scratch folder for the broker can be made", e);
    }
    LocalKafka kafka = new LocalKafka(folder, EmbeddedBroker.start(folder.resolve("broker"), 0));
    try (Cluster cluster = Cluster.connect(kafka.client())) {
      cluster.apply(TopicTable.standard(partitions, 1));
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
    return kafka;
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// What any client needs to connect.
  public Properties client() {
    Properties properties = new Properties();
    properties.putAll(Map.of("bootstrap.servers", bootstrapServers()));
    return properties;
  }

  /// Scratch space that is removed at the end.
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    broker.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the scratch folder cannot be removed: " + folder, e);
    }
  }
}
