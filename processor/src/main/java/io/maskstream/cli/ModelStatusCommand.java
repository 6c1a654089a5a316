package io.maskstream.cli;

import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelReader;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ModelStatus;
import io.maskstream.wire.ModelStatus.Loaded;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints what is assigned, and what every processor has loaded.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows what is assigned, and what every processor has loaded or refused.")
final class ModelStatusCommand implements Runnable {

  private static final String SCOPES = "%-24s %-24s %-28s %-24s %-24s %-24s %s";
  private static final String INSTANCES = "%-38s %-16s %-24s %-24s %-9s %s";

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    List<ModelHistory> histories;
    List<ModelStatus> instances;
    try (ModelReader reader =
        ModelReader.open(kafka.clientProperties(), ControlTopics.withPrefix(topics.prefix))) {
      reader.catchUp();
      histories = reader.histories();
      instances = reader.instances(Instant.now());
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case JSON -> out.println(format.write(properties(histories, instances)));
      case TABLE -> print(out, histories, instances);
    }
  }

  private static void print(
      PrintWriter out, List<ModelHistory> histories, List<ModelStatus> instances) {
    out.println(
        row(
            SCOPES,
            "SCOPE",
            "RELEASE",
            "FROM CAPTURE TIME",
            "BEFORE",
            "IN PREPARATION",
            "CANDIDATE",
            "NOTE"));
    for (ModelHistory each : histories) {
      out.println(
          row(
              SCOPES,
              each.scope(),
              name(each.newest()),
              each.newest().map(newest -> String.valueOf(newest.effectiveFrom())).orElse("-"),
              name(each.before()),
              name(each.prepared()),
              each.candidate().map(shadow -> shadow.release().toString()).orElse("-"),
              note(each)));
    }
    out.println();
    out.println(row(INSTANCES, "INSTANCE", "HOST", "SCOPE", "RELEASE", "STATE", "REASON"));
    for (ModelStatus instance : instances) {
      for (Loaded each : instance.releases()) {
        out.println(
            row(
                INSTANCES,
                instance.instanceId(),
                instance.host(),
                each.scope().isEmpty() ? "(configuration)" : each.scope(),
                each.release().toString(),
                state(each),
                each.reason()));
      }
    }
  }

  private static String row(String pattern, String... cells) {
    return String.format(Locale.ROOT, pattern, (Object[]) cells).stripTrailing();
  }

  private static String name(Optional<Assignment> assignment) {
    return assignment
        .map(each -> each.withdrawn() ? "(withdrawn)" : each.release().toString())
        .orElse("-");
  }

  private static String note(ModelHistory history) {
    String assigned = history.newest().map(Assignment::note).orElse("");
    String rejected =
        history
            .candidate()
            .filter(Shadow::rejected)
            .map(shadow -> shadow.release() + " is rejected: " + shadow.rejection())
            .orElse("");
    return assigned + (assigned.isEmpty() || rejected.isEmpty() ? "" : "; ") + rejected;
  }

  private static String state(Loaded loaded) {
    return loaded.state().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> properties(
      List<ModelHistory> histories, List<ModelStatus> instances) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("scopes", histories.stream().map(ModelStatusCommand::properties).toList());
    all.put("instances", instances.stream().map(ModelStatusCommand::properties).toList());
    return all;
  }

  private static Map<String, Object> properties(ModelHistory history) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("scope", history.scope());
    properties.put(
        "assignments",
        history.assignments().stream()
            .map(each -> {
              Map<String, Object> of = new LinkedHashMap<>();
              of.put("number", each.number());
              of.put("release", each.release().toString());
              of.put("sha256", each.release().sha256());
              of.put("uri", each.uri());
              of.put(
                  "effective_from",
                  each.effectiveFrom() == null ? "" : String.valueOf(each.effectiveFrom()));
              of.put("withdrawn", each.withdrawn());
              of.put("note", each.note());
              return of;
            })
            .toList());
    history
        .candidate()
        .ifPresent(shadow -> {
          Map<String, Object> of = new LinkedHashMap<>();
          of.put("number", shadow.number());
          of.put("release", shadow.release().toString());
          of.put("sha256", shadow.release().sha256());
          of.put("uri", shadow.uri());
          of.put("share", shadow.share());
          of.put("rejection", shadow.rejection());
          properties.put("candidate", of);
        });
    return properties;
  }

  private static Map<String, Object> properties(ModelStatus status) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("instance_id", status.instanceId());
    properties.put("host", status.host());
    properties.put("reported_at", status.reportedAt().toString());
    properties.put(
        "releases",
        status.releases().stream()
            .map(each -> {
              Map<String, Object> of = new LinkedHashMap<>();
              of.put("scope", each.scope());
              of.put("number", each.number());
              of.put("release", each.release().toString());
              of.put("sha256", each.release().sha256());
              of.put("state", state(each));
              of.put("reason", each.reason());
              return of;
            })
            .toList());
    return properties;
  }
}
