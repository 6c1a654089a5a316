package io.maskstream.cli;

import io.maskstream.painting.CocoMask;
import io.maskstream.wire.Identity;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;

/// One file of COCO annotations: regions go to the file as they come, images and categories stay in
/// memory until the end. Not thread-safe; whoever opened it closes it.
final class CocoFile implements AutoCloseable {

  private final Writer out;
  private final List<String> images = new ArrayList<>();
  private final TreeSet<Integer> classIds = new TreeSet<>();
  private int annotations;

  CocoFile(Path file) throws IOException {
    this.out = Files.newBufferedWriter(file);
    out.write("{\"annotations\":[");
  }

  /// @param name of the image's file, where there will be one
  void add(Identity identity, String name, int width, int height, List<CocoMask> regions)
      throws IOException {
    int imageId = images.size() + 1;
    images.add(image(identity, imageId, name, width, height));
    for (CocoMask region : regions) {
      out.write(annotations++ == 0 ? "\n" : ",\n");
      out.write(annotation(region, imageId));
      classIds.add(region.classId());
    }
  }

  /// Writes what is known only now.
  ///
  /// @param className names a class id
  void finish(IntFunction<String> className) throws IOException {
    out.write("\n],\"images\":[\n");
    out.write(String.join(",\n", images));
    out.write("\n],\"categories\":[\n");
    List<String> categories = new ArrayList<>();
    for (int id : classIds) {
      Map<String, Object> category = new LinkedHashMap<>();
      category.put("id", id);
      category.put("name", className.apply(id));
      categories.add(OutputFormat.JSON.write(category));
    }
    out.write(String.join(",\n", categories));
    out.write("\n]}\n");
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /// COCO's own keys, then the frame's identity.
  private static String image(Identity identity, int imageId, String name, int width, int height) {
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("id", imageId);
    image.put("file_name", name);
    image.put("width", width);
    image.put("height", height);
    image.put("date_captured", identity.captureTime().toString());
    image.put("camera_id", identity.cameraId());
    image.put("session_id", identity.sessionId());
    image.put("sequence", identity.sequence());
    image.put("pts", identity.pts());
    return OutputFormat.JSON.write(image);
  }

  private String annotation(CocoMask region, int imageId) {
    Map<String, Object> segmentation = new LinkedHashMap<>();
    segmentation.put("size", List.of(region.height(), region.width()));
    segmentation.put("counts", region.countsString());
    Map<String, Object> annotation = new LinkedHashMap<>();
    annotation.put("id", annotations);
    annotation.put("image_id", imageId);
    annotation.put("category_id", region.classId());
    annotation.put("segmentation", segmentation);
    annotation.put("area", region.area());
    annotation.put("bbox", List.of(region.x(), region.y(), region.boxWidth(), region.boxHeight()));
    annotation.put("iscrowd", 0);
    return OutputFormat.JSON.write(annotation);
  }
}
