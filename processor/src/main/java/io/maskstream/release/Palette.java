package io.maskstream.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The classes of a release by id: names, and the colours to paint them in.
///
/// Written one class a line, its name and `#rrggbb`; the colour may be left out, as may be lines
/// that start with `#` and a blank.
///
/// @param names distinct, not empty; at most 255, since 255 means ignore
/// @param colors 0xRRGGBB, one for each name
public record Palette(List<String> names, List<Integer> colors) {

  public static final int MAX_CLASSES = 255;

  public Palette {
    names = List.copyOf(names);
    colors = List.copyOf(colors);
    if (names.isEmpty() || names.size() > MAX_CLASSES) {
      throw new IllegalArgumentException("classes must be 1 to 255: " + names.size());
    }
    if (names.size() != colors.size()) {
      throw new IllegalArgumentException(
          names.size() + " class names, but " + colors.size() + " colours");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.isBlank() || !seen.add(name)) {
        throw new IllegalArgumentException("class name is empty or there twice: \"" + name + "\"");
      }
    }
  }

  static final List<String> KNOWN =
      List.of(
          "ade20k",
          "camvid",
          "cityscapes",
          "coco-panoptic",
          "geometry",
          "nyudv2",
          "pascal-context",
          "pascal-context-59",
          "road",
          "scene",
          "siftflow",
          "voc");

  /// The classes of a well-known data set: ade20k, camvid, cityscapes, coco-panoptic, nyudv2,
  /// pascal-context, pascal-context-59, road, siftflow (whose second list is geometry), voc, or
  /// scene (the demo's own).
  public static Palette known(String name) {
    String resource = name + ".classes";
    try (InputStream in = Palette.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "no classes are known as "
                + name
                + "; there are "
                + String.join(", ", KNOWN)
                + ", or name a file with one class a line");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file of classes.
  public static Palette read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read classes from " + file + ": " + e, e);
    }
  }

  /// `class 0`, `class 1` and so on, in VOC's colours.
  public static Palette numbered(int count) {
    List<String> names = new ArrayList<>();
    List<Integer> colors = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      names.add("class " + id);
      colors.add(vocColor(id));
    }
    return new Palette(names, colors);
  }

  static Palette parse(String text, String source) {
    List<String> names = new ArrayList<>();
    List<Integer> colors = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.isEmpty() || line.startsWith("# ")) {
        continue;
      }
      int hash = line.lastIndexOf('#');
      String name = (hash < 0 ? line : line.substring(0, hash)).strip();
      names.add(name);
      try {
        colors.add(
            hash < 0 ? vocColor(names.size() - 1) : Integer.parseInt(line.substring(hash + 1), 16));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            source + ": class \"" + name + "\" has no colour like #804080: " + line, e);
      }
    }
    try {
      return new Palette(names, colors);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  /// The colour map of PASCAL VOC's development kit: the bits of the id, spread over the channels.
  private static int vocColor(int id) {
    int color = 0;
    for (int bit = 0; bit < 8; bit++) {
      int value = id >> (3 * bit);
      color |=
          (value & 1) << (23 - bit)
              | (value >> 1 & 1) << (15 - bit)
              | (value >> 2 & 1) << (7 - bit);
    }
    return color;
  }

  public int size() {
    return names.size();
  }

  /// One class a line, as it can be read back.
  String text() {
    StringBuilder text = new StringBuilder();
    for (int id = 0; id < size(); id++) {
      text.append(names.get(id))
          .append(String.format(" #%06x%n", colors.get(id)).replace("\r", ""));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return names.stream().collect(Collectors.joining(", "));
  }
}
