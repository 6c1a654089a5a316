package io.maskstream.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// One Kafka broker and controller (KRaft) on the loopback address: the production code of Kafka in
/// this process. A folder can be started again after a stop or a kill, and then holds what it held.
///
/// Small on purpose: few threads, a small log cleaner, one replica of everything. Closed by whoever
/// started it.
public final class EmbeddedBroker implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  /// One for all, so that a formatted folder can be started again.
  private static final Uuid CLUSTER = new Uuid(0x6d61736b73747265L, 0x616d2d6c6f63616cL);

  private static final int LARGEST_RECORD_BYTES = 8 << 20;

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedBroker(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /// Starts a broker; takes about three seconds.
  ///
  /// @param folder of the broker's log; created if absent
  /// @param port for clients; 0 takes a free one
  public static EmbeddedBroker start(Path folder, int port) {
    return start(folder, port, Map.of());
  }

  /// Starts a broker with settings of its own beside the usual ones.
  ///
  /// @param more Kafka's own names and values
  public static EmbeddedBroker start(Path folder, int port, Map<String, String> more) {
    int clientPort = port == 0 ? freePort() : port;
    int controllerPort = freePort();
    try {
      Files.createDirectories(folder);
      format(folder);
    } catch (Exception e) {
      throw new IllegalStateException("cannot format the broker's folder " + folder, e);
    }
    Properties properties = properties(folder, clientPort, controllerPort);
    properties.putAll(more);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedBroker(server, clientPort);
  }

  public String bootstrapServers() {
    return LOOPBACK + ":" + port;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  /// Runs a broker as a process of its own until it is ended, and prints `bootstrap.servers=...` on
  /// stdout once it serves. Arguments: folder, port.
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2) {
      System.err.println("two arguments are wanted: FOLDER PORT");
      System.exit(2);
    }
    EmbeddedBroker broker = start(Path.of(args[0]), Integer.parseInt(args[1]));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  ended.countDown();
                },
                "broker-shutdown"));
    System.out.println("bootstrap.servers=" + broker.bootstrapServers());
    ended.await();
  }

  private static void format(Path folder) throws Exception {
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    new Formatter()
        .setPrintStream(silent)
        .setNodeId(1)
        .setClusterId(CLUSTER.toString())
        .setDirectories(List.of(folder.toString()))
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(folder.toString())
        .setIgnoreFormatted(true)
        .run();
  }

  private static Properties properties(Path folder, int clientPort, int controllerPort) {
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "CLIENT");
    p.put(
        "listeners",
        "CLIENT://"
            + LOOPBACK
            + ":"
            + clientPort
            + ",CONTROLLER://"
            + LOOPBACK
            + ":"
            + controllerPort);
    p.put("advertised.listeners", "CLIENT://" + LOOPBACK + ":" + clientPort);
    p.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put("log.dirs", folder.toString());
    p.put("auto.create.topics.enable", "false");
    p.put("message.max.bytes", Integer.toString(LARGEST_RECORD_BYTES));
    p.put("replica.fetch.max.bytes", Integer.toString(LARGEST_RECORD_BYTES));
    for (String internal :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      p.put(internal + ".replication.factor", "1");
      p.put(internal + ".num.partitions", "4");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
    // A crashed processor's transaction holds back read_committed readers until this looks at it.
    p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    p.put("log.cleaner.dedupe.buffer.size", "2097152");
    p.put("num.network.threads", "1");
    p.put("num.io.threads", "2");
    p.put("num.replica.fetchers", "1");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "1");
    return p;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + LOOPBACK, e);
    }
  }
}
