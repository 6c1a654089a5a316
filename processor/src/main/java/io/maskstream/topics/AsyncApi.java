package io.maskstream.topics;

import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.Header;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.WindowStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The AsyncAPI 3 document of the topics, seen from the processors: addresses, settings, keys,
/// headers and messages. `proto/asyncapi.yaml` is that of the usual names.
public final class AsyncApi {

  private static final List<String> FILES =
      List.of("access_unit", "mask", "statistics", "dead_letter", "control", "label_candidate");

  /// Those that carry the trace of the access unit on.
  private static final Set<String> TRACED =
      Set.of("AccessUnit", "Mask", "FrameStatistics", "DeadLetter");

  private static final String HEAD =
      """
      # Written by `./maskstream topics asyncapi`; a test compares it.
      asyncapi: 3.0.0
      info:
        title: Maskstream
        version: v1
        description: Camera video on Kafka becomes segmentation masks on Kafka.
      defaultContentType: application/protobuf
      """;

  private static final Pattern BLOCK =
      Pattern.compile(
          "^((?:// .*\n)*)(?:message|enum) (\\w+) \\{\n(?:.*\n)*?}\n", Pattern.MULTILINE);

  private static final Pattern FIELD =
      Pattern.compile("^ +(?:optional |repeated )?(\\w+) \\w+ = ", Pattern.MULTILINE);

  private final TopicTable table;

  /// Every message and enum with the comment above it, as it is written, by name.
  private final Map<String, String> blocks = new LinkedHashMap<>();

  private AsyncApi(TopicTable table) {
    this.table = table;
    for (String name : FILES) {
      Matcher block = BLOCK.matcher(resource("/maskstream/v1/" + name + ".proto"));
      while (block.find()) {
        blocks.put(block.group(2), block.group());
      }
    }
  }

  /// The whole document.
  public static String yaml(TopicTable table) {
    return new AsyncApi(table).document();
  }

  private String document() {
    Map<String, TopicSpec> byMessage = new TreeMap<>();
    table.topics().forEach(topic -> byMessage.putIfAbsent(topic.value(), topic));
    return HEAD
        + "channels:\n"
        + each(table.topics(), AsyncApi::channel)
        + "operations:\n"
        + each(table.topics(), this::operation)
        + "components:\n  messages:\n"
        + each(List.copyOf(byMessage.values()), this::message);
  }

  private static String each(List<TopicSpec> topics, Function<TopicSpec, String> text) {
    return topics.stream().map(text).collect(Collectors.joining());
  }

  private static String channel(TopicSpec topic) {
    return """
      %1$s:
        address: %1$s
        messages:
          %2$s:
            $ref: '#/components/messages/%2$s'
        bindings:
          kafka:
            partitions: %3$d
            topicConfiguration:
    %4$s        bindingVersion: 0.5.0
    """
        .formatted(topic.name(), topic.value(), topic.partitions(), settings(topic));
  }

  private static String settings(TopicSpec topic) {
    return topic.configs().entrySet().stream()
        .map(entry -> {
          String value = entry.getValue();
          return "          "
              + entry.getKey()
              + ": "
              + (entry.getKey().equals("cleanup.policy") ? "[" + value + "]" : value)
              + "\n";
        })
        .collect(Collectors.joining());
  }

  private String operation(TopicSpec topic) {
    return """
      %1$s:
        action: %2$s
        channel:
          $ref: '#/channels/%1$s'
    """
        .formatted(topic.name(), isInput(topic) ? "receive" : "send");
  }

  /// The rest comes from processors, publishers and `label-candidates collect`.
  private boolean isInput(TopicSpec topic) {
    return topic.name().equals(table.frames()) || topic.value().equals("ModelHistory");
  }

  private String message(TopicSpec topic) {
    return """
        %1$s:
          name: maskstream.v1.%1$s
          description: |
    %2$s%3$s      bindings:
            kafka:
              key:
                type: string
                description: %4$s
              bindingVersion: 0.5.0
          payload:
            schemaFormat: application/vnd.google.protobuf;version=3
            schema: |
    %5$s\
    """
        .formatted(
            topic.value(),
            comment(topic.value()),
            headers(topic.value()),
            topic.key(),
            schema(topic.value()).indent(10).replaceAll("(?m)^ +$", ""));
  }

  private String block(String name) {
    String block = blocks.get(name);
    if (block == null) {
      throw new IllegalStateException("the messages do not describe " + name);
    }
    return block;
  }

  /// What the message's own file says of it.
  private String comment(String message) {
    return block(message)
        .lines()
        .takeWhile(line -> line.startsWith("// "))
        .map(line -> line.replaceFirst("// ", "        ") + "\n")
        .collect(Collectors.joining());
  }

  /// A message with all that it is made of, as a file of its own.
  private String schema(String message) {
    Set<String> needed = new LinkedHashSet<>();
    need(message, needed);
    return "syntax = \"proto3\";\n\npackage maskstream.v1;\n\n"
        + "import \"google/protobuf/timestamp.proto\";\n\n"
        + needed.stream().map(this::block).collect(Collectors.joining("\n"));
  }

  private void need(String name, Set<String> needed) {
    if (needed.add(name)) {
      Matcher field = FIELD.matcher(block(name));
      while (field.find()) {
        if (blocks.containsKey(field.group(1))) {
          need(field.group(1), needed);
        }
      }
    }
  }

  private static String headers(String message) {
    List<Header> some = headers(message, 1);
    boolean traced = TRACED.contains(message);
    if (some.isEmpty() && !traced) {
      return "";
    }
    List<Header> others = headers(message, 2);
    StringBuilder properties = new StringBuilder();
    for (int i = 0; i < some.size(); i++) {
      String value = text(some.get(i));
      boolean constant = value.equals(text(others.get(i)));
      properties
          .append("          ")
          .append(some.get(i).name())
          .append(constant ? ": {type: string, const: '" : ": {type: string, examples: ['")
          .append(value)
          .append(constant ? "'}\n" : "']}\n");
    }
    if (traced) {
      properties.append(
          "          traceparent: {type: string, description: 'W3C Trace Context, passed through'}\n");
    }
    return """
          headers:
            type: object
            required: [%s]
            properties:
    %s\
    """
        .formatted(some.stream().map(Header::name).collect(Collectors.joining(", ")), properties);
  }

  /// The headers of an example; those that differ between examples are no constants.
  private static List<Header> headers(String message, int example) {
    Instant time = Instant.parse("2026-01-02T03:04:00Z").plusSeconds(60L * example);
    Identity identity =
        new Identity("gate-" + example, "s" + example, example, 0, new TimeBase(1, 90_000), time);
    return switch (message) {
      case "Mask" -> Header.ofMask(identity);
      case "FrameStatistics" -> Header.ofStatistics(identity);
      case "WindowStatistics" ->
          Header.ofWindow(
              new WindowStatistics(
                  identity.cameraId(), time, time.plusSeconds(60), 0, 0, List.of()));
      case "DeadLetter" ->
          Header.ofDeadLetter(
              new DeadLetter("topic-" + example, example, example, null, "why " + example, 0));
      default -> List.of();
    };
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String resource(String path) {
    try (InputStream in = AsyncApi.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the jar of the messages has no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
