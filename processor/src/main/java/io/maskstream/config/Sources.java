package io.maskstream.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/// Where values come from: the command line wins over the environment, and that over the file. Not
/// thread-safe.
final class Sources {

  private static final String VARIABLE = "MASKSTREAM_";

  /// Variables of the launcher, which are no keys.
  private static final Set<String> LAUNCHER = Set.of("MASKSTREAM_JVM_FOLDERS");

  /// A value with its origin.
  ///
  /// @param written as it stands in its source
  /// @param resolved with every `${provider:...}` replaced
  record Value(String written, String resolved, String origin) {}

  private final Map<String, String> environment;
  private final TreeMap<String, Value> values = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final ConfigTransformer providers;

  Sources(Map<String, String> environment) {
    this.environment = environment;
    EnvVarConfigProvider variables = new EnvVarConfigProvider(environment);
    FileConfigProvider files = new FileConfigProvider();
    DirectoryConfigProvider directories = new DirectoryConfigProvider();
    variables.configure(Map.of());
    files.configure(Map.of());
    directories.configure(Map.of());
    providers =
        new ConfigTransformer(Map.of("env", variables, "file", files, "directory", directories));
  }

  /// Reads all three, the weakest first.
  Sources read(@Nullable Path file, Map<String, String> commandLine) {
    if (file != null) {
      readFile(file);
    }
    readEnvironment();
    commandLine.forEach((key, value) -> put(key, value, "-X " + key));
    return this;
  }

  Map<String, Value> values() {
    return values;
  }

  List<String> faults() {
    return faults;
  }

  List<String> warnings() {
    return warnings;
  }

  private void readFile(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException("the configuration file cannot be read: " + file, e);
    }
    properties
        .stringPropertyNames()
        .forEach(key -> put(key, properties.getProperty(key), file.toString()));
  }

  private void readEnvironment() {
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(VARIABLE) || LAUNCHER.contains(name)) {
        continue;
      }
      String key = keyOf(name);
      if (isKey(key)) {
        put(key, variable.getValue(), "environment " + name);
      } else {
        // No fault: Kubernetes sets MASKSTREAM_SERVICE_HOST and more for a service of our name.
        warnings.add(
            "environment variable "
                + name
                + " is no key and is ignored; the nearest is "
                + variableOf(NearestName.of(key, Keys.DEFINITION.names())));
      }
    }
  }

  /// The key of a variable: MASKSTREAM_HTTP_LISTEN is http.listen; an underscore also stands for
  /// the hyphen of a known key.
  private static String keyOf(String variable) {
    return Keys.DEFINITION.names().stream()
        .filter(key -> variableOf(key).equals(variable))
        .findFirst()
        .orElseGet(
            () -> variable.substring(VARIABLE.length()).toLowerCase(Locale.ROOT).replace('_', '.'));
  }

  private static String variableOf(String key) {
    return VARIABLE + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  static boolean isKey(String key) {
    return Keys.DEFINITION.names().contains(key)
        || Keys.cameraOfSize(key).isPresent()
        || Keys.cameraOfGroup(key).isPresent()
        || Keys.PASSED_THROUGH.stream()
            .anyMatch(first -> key.startsWith(first) && key.length() > first.length());
  }

  private void put(String key, String written, String origin) {
    if (!isKey(key)) {
      faults.add(
          "unknown key "
              + key
              + " ("
              + origin
              + "); the nearest is "
              + NearestName.of(key, Keys.DEFINITION.names()));
      return;
    }
    String text = written.strip();
    values.put(key, new Value(text, resolve(key, text, origin), origin));
  }

  private String resolve(String key, String written, String origin) {
    String resolved;
    try {
      resolved = String.valueOf(providers.transform(Map.of(key, written)).data().get(key));
    } catch (ConfigException e) {
      faults.add(key + " (" + origin + ") cannot be looked up: " + e.getMessage());
      return written;
    }
    if (resolved.equals(written) && written.matches("(?s).*\\$\\{(env|file|directory):.*")) {
      faults.add(
          key
              + " ("
              + origin
              + ") names "
              + written
              + ", which is not there; set that variable, file or entry");
    }
    return resolved;
  }
}
