import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.ReleaseFile;
import io.maskstream.trainer.data.PictureFile;
import io.maskstream.trainer.export.ReleaseRun;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An inference example: runs a released FCN on one picture and writes the coloured class map.
///
///     java @trainer/examples/java.args trainer/examples/InferenceExample.java \
///         processor/src/main/resources/io/maskstream/demo/scene.onnx street.png classes.png
void main(String... args) throws IOException {
  // A release is one ONNX file that also says its classes, their colours and the sizes it takes.
  ReleaseFile release = ReleaseFile.read(Path.of(args[0]));
  IO.println(release + " tells apart " + release.palette().names());

  // A picture as R G B bytes, the right way up; the graph itself knows how the net wants it.
  RgbPicture picture = PictureFile.read(Path.of(args[1]));
  if (!release.inputSize().takes(new Size(picture.width(), picture.height()))) {
    throw new IllegalArgumentException(args[1] + " is not of the size " + release.inputSize());
  }

  // The session's memory is native: it is closed when its work is done.
  byte[] classes;
  try (ReleaseRun net = new ReleaseRun(release)) {
    classes = net.classes(picture); // one byte a pixel, row by row: the class with the best score
  }

  // How much of the picture each class covers.
  ClassPicture map = new ClassPicture(picture.width(), picture.height(), classes);
  long[] areas = map.areas();
  for (int id = 0; id < release.palette().size(); id++) {
    double share = 100.0 * areas[id] / classes.length;
    IO.println("%-12s %5.1f %%".formatted(release.palette().names().get(id), share));
  }

  // As PASCAL VOC keeps its labels: a PNG whose bytes are class ids, and whose palette colours them.
  ClassColors colors = ClassColors.of(release.palette().colors());
  Files.write(Path.of(args[2]), MaskFiles.palettePng(map, colors));
}
