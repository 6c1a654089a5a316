package io.maskstream.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The chart in the hands of Helm.
final class Chart {

  static final Path ROOT = Path.of(System.getProperty("maskstream.root"));
  static final Path FOLDER = ROOT.resolve("deploy/helm/maskstream");

  static final String KUBERNETES = "1.34.0";

  private static final YAMLMapper YAML = new YAMLMapper();

  private Chart() {}

  /// Everything that an installation with these values consists of.
  ///
  /// @param name of a file beside the tests
  static Rendered render(String name) {
    return new Rendered(template(values(name)));
  }

  static String template(Path values) {
    return new Helm(FOLDER)
        .template()
        .withName("ms")
        .withNamespace("video")
        .withKubeVersion(KUBERNETES)
        .withValuesFile(values)
        .call();
  }

  static Path values(String name) {
    return ROOT.resolve("deploy/src/test/resources/values/" + name + ".yaml");
  }

  /// Helm lints a chart with its own values only, so these become the own ones of a copy.
  static LintResult lint(String name, Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path to = copy.resolve(FOLDER.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    JsonNode merged = YAML.readTree(FOLDER.resolve("values.yaml").toFile());
    YAML.readerForUpdating(merged).readValue(values(name).toFile());
    YAML.writeValue(copy.resolve("values.yaml").toFile(), merged);
    return new Helm(copy).lint().strict().call();
  }

  /// @param text documents in YAML
  record Rendered(String text) {

    List<HasMetadata> all() {
      return StrictYaml.read(text);
    }

    /// The resources of one kind.
    <T extends HasMetadata> List<T> all(Class<T> kind) {
      return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// The one whose name ends so.
    <T extends HasMetadata> T one(Class<T> kind, String suffix) {
      return all(kind).stream()
          .filter(each -> each.getMetadata().getName().endsWith(suffix))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + suffix));
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
