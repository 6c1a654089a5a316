package io.maskstream.config;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/// Keeps passwords out of what is printed.
final class Secrets {

  static final String HIDDEN = "[hidden]";

  private static final List<ConfigDef> CLIENTS =
      List.of(
          ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

  /// For names that Kafka does not know: plugins have properties of their own.
  private static final Pattern SUSPECT =
      Pattern.compile(
          "password|passwd|passphrase|secret|jaas|token|credential|private|auth\\.|(^|\\.)key$");

  private Secrets() {}

  /// What may be printed of a value. A reference such as `${env:X}` is printed as it was written.
  static String printable(String key, Sources.Value value) {
    boolean reference = !value.written().equals(value.resolved());
    ConfigDef.ConfigKey own = Keys.DEFINITION.configKeys().get(key);
    if (reference || (own != null && own.type() != ConfigDef.Type.PASSWORD)) {
      return value.written();
    }
    return own != null || isSecret(key) ? HIDDEN : value.written();
  }

  private static boolean isSecret(String key) {
    String name = afterFirstWord(key);
    return SUSPECT.matcher(name).find()
        || CLIENTS.stream()
            .map(client -> client.configKeys().get(name))
            .anyMatch(known -> known != null && known.type() == ConfigDef.Type.PASSWORD);
  }

  private static String afterFirstWord(String key) {
    return Keys.PASSED_THROUGH.stream()
        .filter(key::startsWith)
        .findFirst()
        .map(first -> key.substring(first.length()))
        .orElse(key);
  }
}
