package io.maskstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.deploy.Chart.Rendered;
import io.maskstream.topics.Acl;
import io.maskstream.topics.AclTable;
import io.maskstream.topics.AclTable.Role;
import io.maskstream.topics.TopicSpec;
import io.maskstream.topics.TopicTable;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Strimzi is told equals what the programs' own tables say.
class StrimziTest {

  private static final Rendered RENDERED = Chart.render("strimzi");

  @Test
  void topicsAreThoseOfTopicsPlan() {
    assertThat(RENDERED.all(KafkaTopic.class).stream().map(StrimziTest::spec))
        .containsExactlyInAnyOrderElementsOf(
            TopicTable.standard(24, 3).topics().stream()
                .map(topic ->
                    new TopicSpec(
                        topic.name(), "", "", topic.partitions(), (short) 3, topic.configs()))
                .toList());
  }

  private static TopicSpec spec(KafkaTopic topic) {
    Map<String, String> configs = new TreeMap<>();
    topic.getSpec().getConfig().forEach((name, value) -> configs.put(name, value.toString()));
    return new TopicSpec(
        topic.getSpec().getTopicName(),
        "",
        "",
        topic.getSpec().getPartitions(),
        topic.getSpec().getReplicas().shortValue(),
        configs);
  }

  @ParameterizedTest
  @EnumSource
  void usersMayDoWhatTopicsAclsSays(Role role) {
    KafkaUser user = RENDERED.one(KafkaUser.class, "-" + role.name().toLowerCase(Locale.ROOT));
    KafkaUserAuthorizationSimple simple =
        (KafkaUserAuthorizationSimple) user.getSpec().getAuthorization();
    assertThat(simple.getAcls().stream().map(StrimziTest::line))
        .containsExactlyInAnyOrderElementsOf(
            AclTable.STANDARD.of(role).stream().map(StrimziTest::line).toList());
  }

  private static String line(AclRule rule) {
    return resource(rule.getResource())
        + " "
        + rule.getOperations().stream().map(each -> each.toValue()).toList();
  }

  private static String resource(AclRuleResource resource) {
    return switch (resource) {
      case AclRuleTopicResource topic ->
          "topic " + topic.getName() + literal(topic.getPatternType());
      case AclRuleGroupResource group ->
          "group " + group.getName() + literal(group.getPatternType());
      case AclRuleTransactionalIdResource id ->
          "transactional-id " + id.getName() + literal(id.getPatternType());
      default -> throw new AssertionError("not expected: " + resource);
    };
  }

  private static String literal(io.strimzi.api.kafka.model.user.acl.AclResourcePatternType type) {
    return type == io.strimzi.api.kafka.model.user.acl.AclResourcePatternType.PREFIX ? "*" : "";
  }

  private static String line(Acl acl) {
    return acl.resource() + " " + acl.operationNames();
  }
}
