package io.maskstream.trainer.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.maskstream.release.Palette;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// COCO's list of segments of each picture (cocodataset.org, "Format data", panoptic). It is read
/// as a stream, for that of train2017 has 1.3 million.
final class PanopticFile {

  /// The category of crowds, which have no class of their own.
  static final int CROWD = -1;

  private static final int NONE = -2;

  /// One category.
  private record Category(String name, int color) {}

  /// The segments of one picture.
  ///
  /// @param image the picture's id
  /// @param file of the segments' pixels
  /// @param ids of the segments, as categories
  @SuppressWarnings("ArrayRecordComponent") // compared never
  record Annotation(long image, String file, int[] ids, int[] categories) {}

  private final Path file;
  private final Map<Integer, Category> categories = new TreeMap<>();
  private final Map<Long, String> images = new HashMap<>();
  private final List<Annotation> annotations = new ArrayList<>();

  private PanopticFile(Path file) {
    this.file = file;
  }

  /// @throws LabelledSetException if the file cannot be read
  static PanopticFile read(Path file) {
    PanopticFile read = new PanopticFile(file);
    try (JsonParser json = new JsonFactory().createParser(Files.newInputStream(file))) {
      read.parse(json);
    } catch (IOException e) {
      throw new LabelledSetException("cannot read segments %s: %s".formatted(file, e), e);
    }
    return read;
  }

  List<Annotation> annotations() {
    return annotations;
  }

  /// The picture's file.
  String picture(Annotation annotation) {
    String picture = images.get(annotation.image());
    if (picture == null) {
      throw new LabelledSetException(
          "picture is not listed: %s image_id=%d file_name=%s; it must stand under images"
              .formatted(file, annotation.image(), annotation.file()));
    }
    return picture;
  }

  /// The categories by their ids, without gaps.
  Palette palette() {
    try {
      return new Palette(
          categories.values().stream().map(Category::name).toList(),
          categories.values().stream().map(Category::color).toList());
    } catch (IllegalArgumentException e) {
      throw new LabelledSetException("categories: %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// The class of each category: 255 for crowds and for what is no class.
  Map<Integer, Integer> classIds(Palette classes) {
    Map<Integer, Integer> ids = new HashMap<>();
    categories.forEach((category, named) -> {
      int id = classes.names().indexOf(named.name());
      ids.put(category, id < 0 ? LabelledPicture.IGNORE : id);
    });
    ids.put(CROWD, LabelledPicture.IGNORE);
    return ids;
  }

  private void parse(JsonParser json) throws IOException {
    wantObject(json.nextToken());
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String part = json.currentName();
      JsonToken value = json.nextToken();
      if (value != JsonToken.START_ARRAY) {
        json.skipChildren();
        continue;
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        switch (part) {
          case "images" -> image(json);
          case "annotations" -> annotations.add(annotation(json));
          case "categories" -> category(json);
          default -> json.skipChildren();
        }
      }
    }
  }

  private void image(JsonParser json) throws IOException {
    long id = NONE;
    String name = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "id" -> id = json.getValueAsLong();
        case "file_name" -> name = json.getText();
        default -> json.skipChildren();
      }
    }
    images.put(id, name);
  }

  private void category(JsonParser json) throws IOException {
    int id = NONE;
    String name = "";
    int color = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "id" -> id = json.getIntValue();
        case "name" -> name = json.getText();
        case "color" -> {
          while (value == JsonToken.START_ARRAY && json.nextToken() != JsonToken.END_ARRAY) {
            color = (color << 8 | json.getIntValue() & 0xff) & 0xffffff;
          }
        }
        default -> json.skipChildren();
      }
    }
    categories.put(id, new Category(name, color));
  }

  private Annotation annotation(JsonParser json) throws IOException {
    long image = NONE;
    String name = "";
    int[] segments = {};
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "image_id" -> image = json.getValueAsLong();
        case "file_name" -> name = json.getText();
        case "segments_info" -> segments = segments(json);
        default -> json.skipChildren();
      }
    }
    if (image == NONE || name.isEmpty()) {
      throw new LabelledSetException(
          "annotation has no image_id or file_name: %s line=%d; is it a panoptic file?"
              .formatted(file, json.currentLocation().getLineNr()));
    }
    int half = segments.length / 2;
    return new Annotation(
        image,
        name,
        Arrays.copyOf(segments, half),
        Arrays.copyOfRange(segments, half, segments.length));
  }

  /// The ids, then their categories.
  private int[] segments(JsonParser json) throws IOException {
    Map<Integer, Integer> categoryOf = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int id = NONE;
      int category = NONE;
      boolean crowd = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "id" -> id = json.getIntValue();
          case "category_id" -> category = json.getIntValue();
          case "iscrowd" -> crowd = json.getValueAsBoolean() || json.getValueAsInt() != 0;
          default -> json.skipChildren();
        }
      }
      categoryOf.put(id, crowd ? CROWD : category);
    }
    int[] segments = new int[2 * categoryOf.size()];
    int at = 0;
    for (Map.Entry<Integer, Integer> segment : categoryOf.entrySet()) {
      segments[at] = segment.getKey();
      segments[categoryOf.size() + at++] = segment.getValue();
    }
    return segments;
  }

  private void wantObject(JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      throw new LabelledSetException(
          "segments are no object: %s; images, annotations and categories are wanted"
              .formatted(file));
    }
  }
}
