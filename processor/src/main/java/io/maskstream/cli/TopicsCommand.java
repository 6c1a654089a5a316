package io.maskstream.cli;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.topics.Acl;
import io.maskstream.topics.AclTable;
import io.maskstream.topics.AclTable.Role;
import io.maskstream.topics.AsyncApi;
import io.maskstream.topics.Cluster;
import io.maskstream.topics.Deviation;
import io.maskstream.topics.TopicTable;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The topics of a cluster, against the table.
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = "Compares the topics of a cluster with what Maskstream wants, and mends them.")
final class TopicsCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: plan, apply, check, acls or asyncapi");
  }

  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      description = "Says what apply would do; changes nothing.")
  int plan(@Mixin TableOptions options) {
    try (Cluster cluster = options.connect()) {
      List<Deviation> deviations = cluster.check(options.table());
      print(options, deviations, "nothing to do");
      return 0;
    }
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Creates topics and alters their configuration.",
        "Never shrinks, grows or recreates a topic."
      })
  int apply(@Mixin TableOptions options) {
    try (Cluster cluster = options.connect()) {
      TopicTable table = options.table();
      print(options, cluster.apply(table), "nothing to do");
      cluster.check(table).forEach(left -> spec.commandLine().getErr().println(Cluster.line(left)));
      return 0;
    }
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Exit code 1 with every deviation and its remedy, 0 if there is none.")
  int check(@Mixin TableOptions options) {
    try (Cluster cluster = options.connect()) {
      List<Deviation> deviations = cluster.check(options.table());
      print(options, deviations, "all topics are as they should be");
      return deviations.isEmpty() ? 0 : 1;
    }
  }

  @Command(
      name = "acls",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the lines that grant each program what it needs, and no more, on brokers that have"
            + " an authorizer.",
        "Asks no broker."
      })
  void acls(@Mixin TableOptions options, @Mixin Principals principals) {
    PrintWriter out = spec.commandLine().getOut();
    principals
        .named()
        .forEach((role, principal) -> {
          for (Acl acl : options.acls().of(role)) {
            out.println(acl.command(options.kafka.bootstrapServers, principal));
          }
        });
    out.flush();
  }

  @Command(
      name = "asyncapi",
      mixinStandardHelpOptions = true,
      description = "Writes the AsyncAPI 3 document of the topics, in YAML; asks no broker.")
  void asyncapi(@Mixin TableOptions options) {
    spec.commandLine().getOut().print(AsyncApi.yaml(options.table()));
    spec.commandLine().getOut().flush();
  }

  private void print(TableOptions options, List<Deviation> deviations, String none) {
    var out = spec.commandLine().getOut();
    if (options.format == OutputFormat.JSON) {
      Map<String, Object> whole = new LinkedHashMap<>();
      whole.put("deviations", deviations.stream().map(TopicsCommand::properties).toList());
      out.println(OutputFormat.JSON.write(whole));
    } else if (deviations.isEmpty()) {
      out.println(none);
    } else {
      deviations.forEach(each -> out.println(Cluster.line(each)));
    }
    out.flush();
  }

  private static Map<String, Object> properties(Deviation deviation) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("topic", deviation.topic());
    properties.put("what", deviation.what());
    properties.put("apply_mends_it", Cluster.canBeMended(deviation));
    properties.put("remedy", deviation.remedy());
    return properties;
  }

  /// Whom the programs are to the brokers.
  static final class Principals {

    @Option(names = "--processor", paramLabel = "PRINCIPAL", description = "User:NAME of `run`.")
    @Nullable String processor;

    @Option(
        names = "--publisher",
        paramLabel = "PRINCIPAL",
        description = "User:NAME of `camera publish`.")
    @Nullable String publisher;

    @Option(
        names = "--viewer",
        paramLabel = "PRINCIPAL",
        description = "User:NAME of whoever reads masks and pictures.")
    @Nullable String viewer;

    @Option(
        names = "--operator",
        paramLabel = "PRINCIPAL",
        description = "User:NAME of whoever assigns releases.")
    @Nullable String operator;

    /// Those that were given; usual names for all if none was.
    Map<Role, String> named() {
      Map<Role, String> named = new EnumMap<>(Role.class);
      put(named, Role.PROCESSOR, processor);
      put(named, Role.PUBLISHER, publisher);
      put(named, Role.VIEWER, viewer);
      put(named, Role.OPERATOR, operator);
      if (named.isEmpty()) {
        for (Role role : Role.values()) {
          named.put(role, "User:maskstream-" + role.name().toLowerCase(Locale.ROOT));
        }
      }
      return named;
    }

    private static void put(Map<Role, String> named, Role role, @Nullable String principal) {
      if (principal != null) {
        named.put(role, principal);
      }
    }
  }

  /// Which cluster, and what its topics should be.
  static final class TableOptions {

    @Mixin KafkaOptions kafka;

    @Option(
        names = "--partitions",
        description = "Partitions of the topics of cameras; fixed for life (default: 24).")
    int partitions = TopicTable.PARTITIONS;

    @Option(
        names = "--replication-factor",
        description = "Replicas of new topics (default: the brokers' own).")
    int replicationFactor = -1;

    @Option(
        names = "-X",
        paramLabel = "topics.NAME=TOPIC",
        description = "Another name for a topic, as in the processor's configuration.")
    Map<String, String> names = new LinkedHashMap<>();

    @Option(names = "-o", description = "table or json.", defaultValue = "table")
    OutputFormat format = OutputFormat.TABLE;

    Cluster connect() {
      return Cluster.connect(kafka.clientProperties());
    }

    AclTable acls() {
      ProcessorConfig config = config();
      return new AclTable(
          config.stream().topics(), config.controlTopics(), config.stream().applicationId());
    }

    private ProcessorConfig config() {
      return ProcessorConfig.read(null, names, System.getenv());
    }

    TopicTable table() {
      ProcessorConfig config = config();
      return TopicTable.of(
          config.stream().topics(), config.controlTopics(), partitions, replicationFactor);
    }
  }
}
