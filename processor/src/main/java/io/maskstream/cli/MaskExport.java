package io.maskstream.cli;

import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassNames;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.CocoMask;
import io.maskstream.painting.LabellingTask;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.SafeName;
import io.maskstream.topics.FramePictures;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Writes masks into a folder, one format each. Not thread-safe; whoever opened it closes it.
sealed interface MaskExport extends AutoCloseable {

  /// Writes one mask; its name is made of its identity, in letters that no file system obeys.
  void write(Mask mask, ClassPicture pixels) throws IOException;

  /// Writes what is known only at the end.
  default void finish(ClassNames names) throws IOException {}

  @Override
  default void close() throws IOException {}

  /// Formats of masks in files.
  enum Format {
    VOC,
    COCO,
    PNG,
    CVAT
  }

  /// @param folder is made, if it is not there
  /// @param pictures where a format wants frames; closed with the export
  static MaskExport of(Format format, Path folder, Supplier<FramePictures> pictures)
      throws IOException {
    if (format != Format.CVAT) {
      Files.createDirectories(folder);
    }
    return switch (format) {
      case CVAT -> task(folder, pictures.get());
      case VOC -> new Voc(folder);
      case COCO -> new Coco(folder);
      case PNG -> new Grey(folder);
    };
  }

  private static Task task(Path target, FramePictures pictures) throws IOException {
    try {
      return new Task(LabellingTask.open(target), pictures);
    } catch (IOException e) {
      pictures.close();
      throw e;
    }
  }

  /// PNGs with VOC's palette, 255 = void.
  record Voc(Path folder) implements MaskExport {
    @Override
    public void write(Mask mask, ClassPicture pixels) throws IOException {
      Files.write(
          folder.resolve(SafeName.of(mask.identity()) + ".png"),
          MaskFiles.palettePng(pixels, ClassColors.VOC));
    }
  }

  /// Grey PNGs whose grey is the class id.
  record Grey(Path folder) implements MaskExport {
    @Override
    public void write(Mask mask, ClassPicture pixels) throws IOException {
      Files.write(
          folder.resolve(SafeName.of(mask.identity()) + ".png"),
          Png.of(pixels.classes(), pixels.width(), pixels.height()).bytes());
    }
  }

  /// The frames with their masks, for people to correct.
  record Task(LabellingTask task, FramePictures pictures) implements MaskExport {
    @Override
    public void write(Mask mask, ClassPicture pixels) throws IOException {
      task.add(pictures.of(mask), mask);
    }

    @Override
    public void finish(ClassNames names) throws IOException {
      task.finish(names, true);
    }

    @Override
    public void close() throws IOException {
      try (pictures) {
        task.close();
      }
    }
  }

  /// One COCO file for each release, because class ids mean something within a release only.
  final class Coco implements MaskExport {

    private final Path folder;
    private final Map<Release, CocoFile> files = new LinkedHashMap<>();

    Coco(Path folder) {
      this.folder = folder;
    }

    @Override
    public void write(Mask mask, ClassPicture pixels) throws IOException {
      Release release = mask.release();
      if (release == null) {
        throw new IllegalStateException("a mask with pixels names its release");
      }
      CocoFile file = files.get(release);
      if (file == null) {
        file = open(mask.identity().cameraId(), release);
        files.put(release, file);
      }
      file.add(
          mask.identity(),
          SafeName.of(mask.identity()) + ".png",
          pixels.width(),
          pixels.height(),
          CocoMask.of(pixels));
    }

    @Override
    public void finish(ClassNames names) throws IOException {
      for (Map.Entry<Release, CocoFile> file : files.entrySet()) {
        file.getValue().finish(id -> names.name(file.getKey(), id));
      }
    }

    @Override
    public void close() throws IOException {
      for (CocoFile file : files.values()) {
        file.close();
      }
    }

    private CocoFile open(String cameraId, Release release) throws IOException {
      String name =
          "%s_%s_%s.coco.json"
              .formatted(
                  SafeName.of(cameraId),
                  SafeName.of(release.toString()),
                  release.sha256().substring(0, 8));
      return new CocoFile(folder.resolve(name));
    }
  }
}
