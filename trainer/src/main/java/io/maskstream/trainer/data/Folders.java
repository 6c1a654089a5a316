package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds files and reads lists of them; every refusal says what is there instead.
final class Folders {

  private static final Set<String> IMAGES =
      Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff");

  private static final Set<String> ENDINGS = Set.of("mat", "txt", "json", "xml");

  private Folders() {}

  /// The first of some folders below a root that holds a file or folder.
  ///
  /// @param places below the root, in the order in which they are looked at; empty for itself
  /// @param holds what the folder must hold
  static Optional<Path> find(Path root, List<String> places, String holds) {
    return places.stream()
        .map(root::resolve)
        .map(Path::normalize)
        .filter(folder -> Files.exists(folder.resolve(holds)))
        .findFirst();
  }

  /// @throws LabelledSetException if none of them does
  static Path findOrSay(Path root, List<String> places, String holds, String what) {
    return find(root, places, holds)
        .orElseThrow(() ->
            new LabelledSetException(
                "%s is not there: no %s in %s, nor in its folders %s; link or move it to one of them"
                    .formatted(
                        what,
                        holds,
                        root,
                        places.stream()
                            .filter(place -> !place.isEmpty())
                            .collect(Collectors.joining(", ")))));
  }

  /// The names that a split lists; trainval without a list of its own is train and val.
  ///
  /// @param folders where the list may be
  static List<String> names(List<Path> folders, String split) {
    Path list = list(folders, split);
    List<String> lines =
        split.equals("trainval") && !Files.isRegularFile(list)
            ? Stream.of("train", "val")
                .flatMap(part -> lines(list(folders, part)).stream())
                .toList()
            : lines(list);
    return lines.stream().map(line -> name(Path.of(line.split("\\s+")[0]))).toList();
  }

  /// The first of the lists that is there, else where it should be.
  static Path list(List<Path> folders, String split) {
    List<Path> lists = folders.stream().map(folder -> folder.resolve(split + ".txt")).toList();
    return lists.stream().filter(Files::isRegularFile).findFirst().orElse(lists.getFirst());
  }

  static List<String> lines(Path list) {
    try (Stream<String> lines = Files.lines(list)) {
      return lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new LabelledSetException(
          "list of pictures cannot be read: %s; there are %s"
              .formatted(list, others(list.getParent())),
          e);
    }
  }

  /// The image files of a folder by their name without its ending.
  static Map<String, Path> images(Path folder) {
    return byName(folder, file -> IMAGES.contains(ending(file)));
  }

  /// The files of a folder with one ending by their name without it.
  static Map<String, Path> files(Path folder, String ending) {
    return byName(folder, file -> ending(file).equals(ending));
  }

  private static Map<String, Path> byName(Path folder, Predicate<Path> wanted) {
    Map<String, Path> byName = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(wanted)::iterator) {
        Path other = byName.put(name(file), file);
        if (other != null) {
          throw new LabelledSetException(
              "two files have one name: %s and %s".formatted(other, file));
        }
      }
      return byName;
    } catch (IOException e) {
      throw new LabelledSetException(
          "folder cannot be read: %s; there are %s".formatted(folder, others(folder.getParent())),
          e);
    }
  }

  /// The files at any depth of a folder whose names end so, in order.
  static List<Path> below(Path folder, String end) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw new LabelledSetException(
          "folder cannot be read: %s; there are %s".formatted(folder, others(folder.getParent())),
          e);
    }
  }

  /// The name without the ending of an image, list or label file.
  static String name(Path file) {
    String name = file.getFileName().toString();
    String ending = ending(file);
    return IMAGES.contains(ending) || ENDINGS.contains(ending)
        ? name.substring(0, name.length() - ending.length() - 1)
        : name;
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
  }

  /// The classes that `classes.txt` names, else those that are usual.
  static Palette classes(Path root, String usual) {
    return named(root).orElseGet(() -> Palette.known(usual));
  }

  /// The classes that `classes.txt` names.
  static Optional<Palette> named(Path root) {
    Path file = root.resolve("classes.txt");
    return Files.isRegularFile(file) ? Optional.of(Palette.read(file)) : Optional.empty();
  }

  /// A path of another machine under this root: its longest end that is there.
  static Path rerooted(Path root, String path) {
    List<String> parts =
        Stream.of(path.replace('\\', '/').split("/")).filter(part -> !part.isEmpty()).toList();
    for (int first = 0; first < parts.size(); first++) {
      Path file = root.resolve(String.join("/", parts.subList(first, parts.size())));
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return root.resolve(
        String.join("/", parts.subList(Math.max(0, parts.size() - 2), parts.size())));
  }

  /// What a folder has that could be meant, for messages.
  static String others(@Nullable Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return "none";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          new ArrayList<>(
              files
                  .filter(file -> ENDINGS.contains(ending(file)) || Files.isDirectory(file))
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.endsWith(".mat"))
                  .sorted()
                  .toList());
      return names.isEmpty() ? "none" : String.join(", ", names);
    } catch (IOException e) {
      return "none that can be listed";
    }
  }
}
