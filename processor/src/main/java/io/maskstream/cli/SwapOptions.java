package io.maskstream.cli;

import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.ModelReader;
import io.maskstream.wire.ModelHistory.Assignment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What the commands that assign releases have in common.
final class SwapOptions {

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();
  @Mixin ScopeOptions scope = new ScopeOptions();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "How long every processor may take to get ready; 0s asks nobody (default: 60s).",
      converter = Span.class,
      defaultValue = "60s")
  Duration wait = Duration.ofSeconds(60);

  @Option(
      names = "--margin",
      paramLabel = "TIME",
      description =
          "From the decision to the first capture time that the release answers (default: 2s).",
      converter = Span.class,
      defaultValue = "2s")
  Duration margin = ModelAssigner.MARGIN;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  ModelAssigner open() {
    return ModelAssigner.open(
        kafka.clientProperties(), ControlTopics.withPrefix(topics.prefix), scope.scope());
  }

  ModelReader read() {
    return ModelReader.open(kafka.clientProperties(), ControlTopics.withPrefix(topics.prefix));
  }

  void progress(String sentence) {
    spec.commandLine().getErr().println(sentence);
    spec.commandLine().getErr().flush();
  }

  void print(Assignment assignment) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("scope", scope.scope());
    properties.put("number", assignment.number());
    properties.put("release", assignment.release().toString());
    properties.put("sha256", assignment.release().sha256());
    properties.put("uri", assignment.uri());
    properties.put("effective_from", String.valueOf(assignment.effectiveFrom()));
    properties.put("withdrawn", assignment.withdrawn());
    spec.commandLine().getOut().println(format.write(properties));
  }
}
