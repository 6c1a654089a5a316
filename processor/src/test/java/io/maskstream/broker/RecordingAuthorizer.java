package io.maskstream.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/// Kafka's own authorizer, which remembers what it has allowed to be done. Loaded by the broker,
/// hence static.
public final class RecordingAuthorizer extends StandardAuthorizer {

  private static final Set<Use> USES = ConcurrentHashMap.newKeySet();

  /// Something that was done.
  public record Use(String principal, AclOperation operation, ResourceType type, String name) {}

  public static List<Use> uses() {
    return new ArrayList<>(USES);
  }

  @Override
  public List<AuthorizationResult> authorize(
      AuthorizableRequestContext context, List<Action> actions) {
    List<AuthorizationResult> results = super.authorize(context, actions);
    for (int i = 0; i < actions.size(); i++) {
      Action action = actions.get(i);
      // Not to be logged is what was only asked: which operations would be allowed.
      if (results.get(i) == AuthorizationResult.ALLOWED && action.logIfAllowed()) {
        USES.add(
            new Use(
                context.principal().toString(),
                action.operation(),
                action.resourcePattern().resourceType(),
                action.resourcePattern().name()));
      }
    }
    return results;
  }
}
