package io.maskstream.trainer.cli;

import io.maskstream.config.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// How a net was trained and judged by those who published it: options of `train fit`, one a line.
///
/// ```
/// # FCN, ResNet-50 at stride 8, Cityscapes 512x1024, 40k steps: MMSegmentation
/// include = base/mmsegmentation-cityscapes-512x1024
/// net = fcn_r50-d8
/// steps = 40000
/// ```
///
/// The first line says what it is. A key is an option without its dashes; `include` names another
/// recipe, whose lines count where this one says nothing.
///
/// @param name of a published recipe, or a file
/// @param title what it is, in a line
/// @param options values by option, without dashes
record RecipeFile(String name, String title, Map<String, String> options) {

  private static final String FOLDER = "recipes";
  private static final String ENDING = ".recipe";
  private static final String INCLUDE = "include";
  private static final int MOST_INCLUDED = 8;

  /// Reads a published recipe by its name, or one's own from a file that ends in `.recipe`.
  ///
  /// @param known options, without dashes
  /// @throws IllegalArgumentException naming what is wrong, and the nearest name
  static RecipeFile read(String name, Set<String> known) {
    Map<String, String> options = new LinkedHashMap<>();
    String text = text(name);
    for (Map.Entry<String, String> line : lines(name, text, 0).entrySet()) {
      if (!known.contains(line.getKey())) {
        throw new IllegalArgumentException(
            "recipe %s: train fit has no option --%s; the nearest is --%s"
                .formatted(name, line.getKey(), NearestName.of(line.getKey(), known)));
      }
      options.put(line.getKey(), line.getValue());
    }
    return new RecipeFile(name, title(text), options);
  }

  /// Published recipes: what they are, by name.
  static Map<String, String> published() {
    Map<String, String> titles = new TreeMap<>();
    URL folder = Objects.requireNonNull(RecipeFile.class.getResource(FOLDER), FOLDER);
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        addAll(titles, Path.of(uri));
        return titles;
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        addAll(titles, jar.provider().getPath(uri));
        return titles;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("recipes cannot be listed: " + folder, e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("recipes cannot be listed: " + folder, e);
    }
  }

  private static void addAll(Map<String, String> titles, Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(ENDING)) {
          String recipe = name.substring(0, name.length() - ENDING.length());
          titles.put(recipe, title(Files.readString(file)));
        }
      }
    }
  }

  private static String title(String text) {
    String first = text.lines().findFirst().orElse("");
    return first.startsWith("# ") ? first.substring(2) : "";
  }

  private static Map<String, String> lines(String name, String text, int depth) {
    if (depth > MOST_INCLUDED) {
      throw new IllegalArgumentException("recipe " + name + " includes itself, or too many");
    }
    Map<String, String> own = new LinkedHashMap<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "recipe %s: a line is OPTION = VALUE, not: %s".formatted(name, line));
      }
      String key = line.substring(0, equals).strip();
      if (own.put(key, line.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException("recipe %s says %s twice".formatted(name, key));
      }
    }
    Map<String, String> all = new LinkedHashMap<>();
    Optional.ofNullable(own.remove(INCLUDE))
        .ifPresent(base -> all.putAll(lines(base, text(base), depth + 1)));
    all.putAll(own);
    return all;
  }

  private static String text(String name) {
    if (name.endsWith(ENDING)) {
      try {
        return Files.readString(Path.of(name));
      } catch (IOException e) {
        throw new UncheckedIOException("recipe cannot be read: " + name + ": " + e.getMessage(), e);
      }
    }
    try (InputStream in = RecipeFile.class.getResourceAsStream(FOLDER + "/" + name + ENDING)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "there is no recipe %s; the nearest is %s, and train recipe names them all"
                .formatted(name, NearestName.of(name, published().keySet())));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("recipe cannot be read: " + name, e);
    }
  }

  /// As a file that includes no other.
  String text() {
    return Stream.concat(
            Stream.of("# " + title),
            options.entrySet().stream().map(line -> line.getKey() + " = " + line.getValue()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /// The names of a command's options, without dashes.
  static Set<String> optionsOf(CommandSpec spec) {
    return spec.options().stream().map(RecipeFile::key).collect(Collectors.toSet());
  }

  static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
