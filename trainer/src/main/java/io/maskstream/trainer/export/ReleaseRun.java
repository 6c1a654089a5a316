package io.maskstream.trainer.export;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.ReleaseFile;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.solver.Evaluator;
import java.util.Map;

/// A release in ONNX Runtime, as the processor runs it, on the CPU. Not thread-safe.
public final class ReleaseRun implements Evaluator.Predictor, AutoCloseable {

  private final ReleaseFile release;
  private final Running running;

  public ReleaseRun(ReleaseFile release) {
    this.release = release;
    running = new OrtGraphRunner().open(release.graph(), release.toString());
  }

  /// Of a picture of colours alone, which is all that releases take; further labels are not told.
  @Override
  public Map<String, byte[]> classes(LabelledPicture picture) {
    if (picture.others().count() > 0) {
      throw new ExportException(
          "%s takes pictures of three planes, %s has %d; judge the trained graph"
              .formatted(release, picture.name(), 3 + picture.others().count()));
    }
    return Map.of(TorchGraph.LOGITS, classes(picture.picture()));
  }

  /// The class of every pixel, row-major.
  public byte[] classes(RgbPicture picture) {
    Tensor given =
        running
            .run(
                ReleaseFile.INPUT,
                new Tensor.Bytes(
                    new long[] {1, picture.height(), picture.width(), 3}, picture.rgb()))
            .get(ReleaseFile.CLASSES);
    if (!(given instanceof Tensor.Bytes(long[] shape, byte[] classes))) {
      throw new ExportException(release + " gives no bytes as " + ReleaseFile.CLASSES);
    }
    return scaled(classes, (int) shape[2], (int) shape[1], picture.width(), picture.height());
  }

  /// A class map may be smaller than its frame; every pixel then has the class of the nearest.
  private static byte[] scaled(byte[] classes, int w, int h, int width, int height) {
    if (w == width && h == height) {
      return classes;
    }
    byte[] scaled = new byte[width * height];
    for (int i = 0; i < scaled.length; i++) {
      int x = (int) ((i % width + 0.5) * w / width);
      int y = (int) ((i / width + 0.5) * h / height);
      scaled[i] = classes[y * w + x];
    }
    return scaled;
  }

  @Override
  public void close() {
    running.close();
  }
}
