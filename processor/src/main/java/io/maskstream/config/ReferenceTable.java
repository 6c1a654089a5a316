package io.maskstream.config;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;

/// The table of all keys, as `processor/CONFIGURATION.md` holds it.
public final class ReferenceTable {

  private static final String HEAD =
      """
      # Configuration of the processor

      Written by `./maskstream config docs`; a test compares it.

      A value comes from the command line (`-X key=value`), else from the environment
      (`MASKSTREAM_HTTP_LISTEN` is `http.listen`), else from the file of `-c FILE` (`key=value`
      lines), else it is the default. An unknown key is an error that names the nearest one.

      | key | default | accepts | meaning |
      |---|---|---|---|
      """;

  private static final String FOOT =
      """
      | `camera.<id>.size` |  | `WIDTHxHEIGHT` | Frame size of one camera, such as `camera.gate-2.size=640x360`; others have what the release wants for their picture. Not read from the environment. |
      | `kafka.*` |  | any | Goes to every Kafka client, without the first word: `kafka.security.protocol=SASL_SSL`. |
      | `streams.*`, `producer.*`, `consumer.*` |  | any | Goes to Kafka Streams, its producers, its consumers. |

      ## Secrets

      Kafka's own providers keep secrets out of the file: `${env:NAME}` is a variable of the
      environment, `${directory:/run/secrets:name}` the content of a file in a folder,
      `${file:/etc/maskstream/secrets.properties:name}` an entry of a properties file. The processor
      prints its configuration at the start: references as they were written, passwords never.
      """;

  private ReferenceTable() {}

  /// The whole document, in Markdown.
  public static String markdown() {
    StringBuilder text = new StringBuilder(HEAD);
    keys().forEach(key -> text.append(row(key)));
    return text.append(FOOT).toString();
  }

  private static List<ConfigKey> keys() {
    return Keys.DEFINITION.configKeys().values().stream()
        .sorted(Comparator.comparingInt(key -> key.orderInGroup))
        .toList();
  }

  private static String row(ConfigKey key) {
    String usual = usual(key);
    return "| `"
        + key.name
        + "` | "
        + (usual.isEmpty() ? "" : "`" + usual + "`")
        + " | "
        + accepted(key)
        + " | "
        + key.documentation
        + " |\n";
  }

  private static String accepted(ConfigKey key) {
    String validator = key.validator == null ? "" : key.validator.toString();
    return switch (key.type) {
      case STRING ->
          validator.startsWith("[") && !validator.startsWith("[...") ? bare(validator) : "text";
      case PASSWORD -> "secret text";
      case LIST -> validator.isEmpty() ? "list" : "list of " + bare(validator);
      case BOOLEAN -> "true, false";
      default -> "integer " + bare(validator);
    };
  }

  private static String bare(String validator) {
    return validator.replaceAll("^\\[|]$", "").replace(",...,", " to ").replace(",...", " or more");
  }

  /// The default as it would be written in a file.
  static String usual(ConfigKey key) {
    if (key.defaultValue instanceof List<?> list) {
      return String.join(",", list.stream().map(Object::toString).toList());
    }
    return key.defaultValue instanceof Password secret
        ? secret.value()
        : String.valueOf(key.defaultValue);
  }
}
