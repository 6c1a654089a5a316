package io.maskstream.topics;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// What a program may do with one resource of the brokers.
///
/// @param name of the resource; of transactional ids what they begin with
/// @param operations in Kafka's own words; each is an ACL
/// @param why a few words for whoever grants it
public record Acl(Kind kind, String name, List<AclOperation> operations, String why) {

  /// What Kafka guards.
  public enum Kind {
    TOPIC(ResourceType.TOPIC, PatternType.LITERAL, "topic"),
    GROUP(ResourceType.GROUP, PatternType.LITERAL, "group"),
    TRANSACTIONAL_ID(ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, "transactional-id");

    private final ResourceType type;
    private final PatternType pattern;
    private final String option;

    Kind(ResourceType type, PatternType pattern, String option) {
      this.type = type;
      this.pattern = pattern;
      this.option = option;
    }

    /// Whether names stand for all that begin so.
    public boolean prefixed() {
      return pattern == PatternType.PREFIXED;
    }
  }

  public Acl {
    operations = List.copyOf(operations);
  }

  static Acl topic(String name, String why, AclOperation... operations) {
    return new Acl(Kind.TOPIC, name, List.of(operations), why);
  }

  static Acl group(String name, String why) {
    return new Acl(Kind.GROUP, name, List.of(AclOperation.READ), why);
  }

  /// All transactions whose id begins so.
  static Acl transactions(String prefix, String why) {
    return new Acl(Kind.TRANSACTIONAL_ID, prefix, List.of(AclOperation.WRITE), why);
  }

  /// One for each operation.
  ///
  /// @param principal such as `User:maskstream`
  public List<AclBinding> bindings(String principal) {
    return operations.stream()
        .map(operation ->
            new AclBinding(
                new ResourcePattern(kind.type, name, kind.pattern),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)))
        .toList();
  }

  Acl only(AclOperation operation) {
    return new Acl(kind, name, List.of(operation), why);
  }

  /// What is left of it; empty if nothing.
  Optional<Acl> without(Set<AclOperation> allowed) {
    List<AclOperation> left =
        operations.stream().filter(operation -> !allowed.contains(operation)).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new Acl(kind, name, left, why));
  }

  /// Such as `transactional-id maskstream-*`.
  public String resource() {
    return kind.option + " " + name + (kind.prefixed() ? "*" : "");
  }

  /// In the words of Kafka's tools, such as `DescribeConfigs`.
  public List<String> operationNames() {
    return operations.stream().map(Acl::name).toList();
  }

  /// The line that grants it.
  ///
  /// @param brokers of the cluster, `host:port` separated by commas
  /// @param principal such as `User:maskstream`
  public String command(String brokers, String principal) {
    return "kafka-acls.sh --bootstrap-server %s --add --allow-principal %s%s --%s %s%s"
        .formatted(
            brokers,
            principal,
            operationNames().stream()
                .map(operation -> " --operation " + operation)
                .collect(Collectors.joining()),
            kind.option,
            name,
            kind.prefixed() ? " --resource-pattern-type prefixed" : "");
  }

  private static String name(AclOperation operation) {
    StringBuilder name = new StringBuilder();
    for (String word : operation.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }
}
