package io.maskstream.topics;

import static java.util.Objects.requireNonNull;

import io.maskstream.topics.AclTable.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Asks the brokers what this user may do, before anything is done: Kafka itself says only what was
/// refused first, and a Kafka Streams application waits a minute or more until it does. Changes
/// nothing. On brokers without an authorizer everybody may do everything.
///
/// A group or topic that does not exist yet can hide that it may not be read or written. Then the
/// brokers refuse later, and asking again names everything.
public final class AccessCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /// Behind a prefix, the name that is asked for.
  private static final String ANY = "access-check";

  private final Admin admin;
  private final String servers;

  private AccessCheck(Admin admin, String servers) {
    this.admin = admin;
    this.servers = servers;
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @throws TopicException with a line for everything that may not be done, and how to grant it;
  ///   or within ten seconds, if no broker answers
  public static void require(Map<?, ?> client, AclTable table, Role role) {
    Map<String, Object> hasty = new HashMap<>();
    client.forEach((name, value) -> hasty.put((String) name, value));
    hasty.put("request.timeout.ms", (int) PATIENCE.toMillis());
    hasty.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    String servers = String.valueOf(hasty.get("bootstrap.servers"));
    List<String> faults;
    try (Admin admin = Admin.create(hasty)) {
      faults = new AccessCheck(admin, servers).faults(table.of(role));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TopicException(
          "the brokers cannot be asked: bootstrap.servers=" + servers + ": " + cause.getMessage(),
          e);
    }
    if (!faults.isEmpty()) {
      throw new TopicException(faults);
    }
  }

  private List<String> faults(List<Acl> acls) {
    Map<Acl, KafkaFuture<? extends @Nullable Set<AclOperation>>> asked = new LinkedHashMap<>();
    acls.forEach(acl -> asked.put(acl, ask(acl)));
    return asked.entrySet().stream()
        .flatMap(each -> missing(each.getKey(), each.getValue()).stream())
        .map(this::fault)
        .toList();
  }

  /// The operations that are allowed; null where brokers do not say.
  private KafkaFuture<? extends @Nullable Set<AclOperation>> ask(Acl acl) {
    String name = acl.name();
    return switch (acl.kind()) {
      case TOPIC ->
          admin
              .describeTopics(
                  List.of(name), new DescribeTopicsOptions().includeAuthorizedOperations(true))
              .allTopicNames()
              .thenApply(topics -> requireNonNull(topics.get(name)).authorizedOperations());
      case GROUP ->
          admin
              .describeConsumerGroups(
                  List.of(name),
                  new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
              .all()
              .thenApply(groups -> requireNonNull(groups.get(name)).authorizedOperations());
      case TRANSACTIONAL_ID ->
          admin.describeTransactions(List.of(name + ANY)).all().thenApply(_ -> null);
    };
  }

  private Optional<Acl> missing(Acl acl, KafkaFuture<? extends @Nullable Set<AclOperation>> asked) {
    return switch (answer(asked)) {
      case Answer.Allowed(Set<AclOperation> operations) -> acl.without(operations);
      case Answer.Refused() -> Optional.of(acl);
      case Answer.Absent() when acl.operations().contains(AclOperation.CREATE) ->
          answer(create(acl.name())) instanceof Answer.Refused
              ? Optional.of(acl.only(AclOperation.CREATE))
              : Optional.empty();
      case Answer.Absent(), Answer.Unknown() -> Optional.empty();
    };
  }

  /// Creates nothing.
  private KafkaFuture<? extends @Nullable Set<AclOperation>> create(String topic) {
    return admin
        .createTopics(
            List.of(new NewTopic(topic, Optional.of(1), Optional.empty())),
            new CreateTopicsOptions().validateOnly(true))
        .all()
        .thenApply(_ -> null);
  }

  private Answer answer(KafkaFuture<? extends @Nullable Set<AclOperation>> asked) {
    try {
      Set<AclOperation> allowed = asked.get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS);
      return allowed == null ? new Answer.Unknown() : new Answer.Allowed(allowed);
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case AuthorizationException _ -> new Answer.Refused();
        case UnknownTopicOrPartitionException _ -> new Answer.Absent();
        case org.apache.kafka.common.errors.TimeoutException silence -> throw unreachable(silence);
        // A group that nobody has joined, a transaction that nobody has begun.
        case null, default -> new Answer.Unknown();
      };
    } catch (TimeoutException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TopicException("interrupted while talking to the brokers", e);
    }
  }

  private sealed interface Answer {
    record Allowed(Set<AclOperation> operations) implements Answer {}

    record Refused() implements Answer {}

    record Absent() implements Answer {}

    record Unknown() implements Answer {}
  }

  private String fault(Acl acl) {
    return "the brokers do not allow this user to "
        + String.join(" and ", acl.operationNames())
        + " "
        + acl.resource()
        + " ("
        + acl.why()
        + "); an administrator grants it: "
        + acl.command(servers, "User:NAME");
  }

  private TopicException unreachable(Exception cause) {
    return new TopicException(
        "no broker answers within "
            + PATIENCE.toSeconds()
            + " s: bootstrap.servers="
            + servers
            + "; check the address, and whether Kafka runs there",
        cause);
  }
}
