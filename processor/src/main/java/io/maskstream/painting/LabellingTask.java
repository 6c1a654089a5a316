package io.maskstream.painting;

import io.maskstream.release.Palette;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Pictures with the masks that their labels can start from, in PASCAL VOC's layout: `JPEGImages`,
/// `SegmentationClass` (palette PNGs whose values are places in `classes.txt`, 255 = void) and
/// `ImageSets/Segmentation/default.txt`.
///
/// For CVAT there are `labelmap.txt`, whose colours are those of the palette, which makes it an
/// archive of its format "Segmentation mask 1.1", and `labels.json` for the task's constructor.
///
/// Pictures are written as they come, PNGs without loss; masks wait for the names of their classes.
/// Not thread-safe; whoever opened it closes it.
public final class LabellingTask implements AutoCloseable {

  private final Path root;
  private final @Nullable FileSystem archive;
  private final List<Labelled> labelled = new ArrayList<>();

  private record Labelled(String name, Release release, Mask mask, int width, int height) {}

  private LabellingTask(Path root, @Nullable FileSystem archive) throws IOException {
    this.root = root;
    this.archive = archive;
    for (String folder : List.of("JPEGImages", "SegmentationClass", "ImageSets/Segmentation")) {
      Files.createDirectories(root.resolve(folder));
    }
  }

  /// @param target a folder, or an archive if its name ends with .zip; made if it is not there
  public static LabellingTask open(Path target) throws IOException {
    if (!target.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      return new LabellingTask(target, null);
    }
    Files.deleteIfExists(target);
    FileSystem archive = FileSystems.newFileSystem(target, Map.of("create", "true"));
    return new LabellingTask(archive.getPath("/"), archive);
  }

  /// Adds a frame.
  ///
  /// @param picture upright, in its own size
  /// @param mask with pixels
  public void add(RgbPicture picture, Mask mask) throws IOException {
    Identity identity = mask.identity();
    Release release = mask.release();
    if (release == null) {
      throw new IllegalArgumentException("mask names no release: camera=" + identity.cameraId());
    }
    String name = SafeName.of(identity);
    Files.write(root.resolve("JPEGImages/" + name + ".png"), MaskFiles.png(picture.image()));
    labelled.add(new Labelled(name, release, mask, picture.width(), picture.height()));
  }

  /// Writes the masks and lists.
  public void finish(ClassNames names, boolean forCvat) throws IOException {
    Map<Release, Integer> largestIds = new LinkedHashMap<>();
    for (Labelled each : labelled) {
      largestIds.merge(each.release(), largestId(pixels(each)), Math::max);
    }
    TaskLabels labels = new TaskLabels(largestIds, names);
    Palette palette = labels.palette();
    ClassColors colors = ClassColors.of(palette.colors());
    boolean ignored = false;
    for (Labelled each : labelled) {
      ClassPicture mask =
          labels.placed(each.release(), pixels(each)).scaledTo(each.width(), each.height());
      ignored |= mask.areas()[MaskPainter.IGNORED] > 0;
      Files.write(
          root.resolve("SegmentationClass/" + each.name() + ".png"),
          MaskFiles.palettePng(mask, colors));
    }
    Files.write(
        root.resolve("ImageSets/Segmentation/default.txt"),
        labelled.stream().map(Labelled::name).toList());
    Files.write(root.resolve("classes.txt"), palette.names());
    if (forCvat) {
      Files.write(root.resolve("labelmap.txt"), labelMap(palette, colors, ignored));
      Files.writeString(root.resolve("labels.json"), constructor(palette));
    }
  }

  @Override
  public void close() throws IOException {
    if (archive != null) {
      archive.close();
    }
  }

  private static ClassPicture pixels(Labelled each) {
    return ClassPicture.of(each.mask())
        .orElseThrow(() -> new IllegalArgumentException("mask without pixels: " + each.name()));
  }

  private static int largestId(ClassPicture mask) {
    long[] areas = mask.areas();
    int largest = MaskPainter.IGNORED - 1;
    while (largest >= 0 && areas[largest] == 0) {
      largest--;
    }
    return largest;
  }

  /// CVAT wants a line for every colour that is in a mask.
  private static List<String> labelMap(Palette palette, ClassColors colors, boolean ignored) {
    List<String> lines = new ArrayList<>(List.of("# label:color_rgb:parts:actions"));
    for (int place = 0; place < palette.size(); place++) {
      lines.add(line(palette.names().get(place), palette.colors().get(place)));
    }
    if (ignored) {
      lines.add(line("ignored", colors.rgb(MaskPainter.IGNORED)));
    }
    return lines;
  }

  private static String line(String name, int color) {
    return "%s:%d,%d,%d::".formatted(name, color >> 16 & 0xff, color >> 8 & 0xff, color & 0xff);
  }

  private static String constructor(Palette palette) {
    List<String> labels = new ArrayList<>();
    for (int place = 0; place < palette.size(); place++) {
      labels.add(
          "{\"name\": \"%s\", \"color\": \"#%06x\", \"attributes\": []}"
              .formatted(
                  palette.names().get(place).replace("\\", "\\\\").replace("\"", "\\\""),
                  palette.colors().get(place)));
    }
    return labels.stream().collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
  }
}
