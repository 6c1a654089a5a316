package io.maskstream.trainer.data;

import java.nio.file.Files;
import java.nio.file.Path;

/// What CVAT exports for segmentation: "Segmentation mask 1.1" or "CVAT for images 1.1".
final class Cvat implements Layout {

  @Override
  public boolean isAt(Path root, String split) {
    return hasMasks(root) || Files.isRegularFile(root.resolve(CvatShapes.FILE));
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    if (hasMasks(wanted.root())) {
      return CvatMasks.open(wanted);
    }
    if (Files.isRegularFile(wanted.root().resolve(CvatShapes.FILE))) {
      return CvatShapes.open(wanted);
    }
    throw new LabelledSetException(
        "no export of CVAT: %s has neither %s and %s (Segmentation mask 1.1) nor %s (CVAT for images 1.1)"
            .formatted(wanted.root(), CvatMasks.LABEL_MAP, Voc.LABELS, CvatShapes.FILE));
  }

  private static boolean hasMasks(Path root) {
    return Files.isRegularFile(root.resolve(CvatMasks.LABEL_MAP))
        && Files.isDirectory(root.resolve(Voc.LABELS));
  }
}
