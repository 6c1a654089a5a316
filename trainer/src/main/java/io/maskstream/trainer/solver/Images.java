package io.maskstream.trainer.solver;

import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.data.Batch;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.Planes;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Pictures and labels as tensors of the scope they are made in.
final class Images {

  private Images() {}

  /// float [N,3+P,H,W], colours 0 to 255 and whatever planes there are besides; colours alone are
  /// channels-last in memory, as the bytes are.
  static Tensor tensor(Batch batch, Placement placement) {
    Tensor colours = planes(batch.rgb(), batch.size(), batch.height(), batch.width(), placement);
    if (batch.otherPlanes() == 0) {
      return colours;
    }
    long[] shape = {batch.size(), batch.otherPlanes(), batch.height(), batch.width()};
    Tensor others =
        torch
            .from_blob(new FloatPointer(batch.others()), shape, new TensorOptions(ScalarType.Float))
            .to(placement.device(), ScalarType.Float, false, true, new MemoryFormatOptional());
    return torch.cat(new TensorVector(colours, others), 1);
  }

  /// float [1,3,H,W], 0 to 255.
  static Tensor tensor(RgbPicture picture, Placement placement) {
    ByteBuffer direct = ByteBuffer.allocateDirect(picture.rgb().length).put(picture.rgb()).flip();
    return planes(direct, 1, picture.height(), picture.width(), placement);
  }

  /// float [1,3+planes,H,W]: colours, 0 to 255, and behind them the picture's other planes.
  static Tensor tensor(LabelledPicture picture, Placement placement) {
    Tensor colors = tensor(picture.picture(), placement);
    Planes others = picture.others();
    if (others.count() == 0) {
      return colors;
    }
    Tensor behind =
        Tensor.create(others.values(), 1, others.count(), picture.height(), picture.width())
            .to(placement.device(), ScalarType.Float);
    return torch.cat(new TensorVector(colors, behind), 1);
  }

  private static Tensor planes(ByteBuffer rgb, int n, int height, int width, Placement placement) {
    // The view is of the buffer's own memory; to() copies it, and is done when it returns.
    return torch
        .from_blob(
            new BytePointer(rgb),
            new long[] {n, height, width, 3},
            new TensorOptions(ScalarType.Byte))
        .permute(0, 3, 1, 2)
        .to(placement.device(), ScalarType.Float, false, true, new MemoryFormatOptional());
  }

  /// BatchLabels of a batch.
  static BatchLabels labels(Batch batch, Placement placement) {
    Map<String, Tensor> further = new LinkedHashMap<>();
    batch.further().forEach((name, ids) -> further.put(name, ids(batch, ids, placement)));
    return new BatchLabels(ids(batch, batch.labels(), placement), further);
  }

  private static Tensor ids(Batch batch, LongBuffer ids, Placement placement) {
    return torch
        .from_blob(
            new LongPointer(ids),
            new long[] {batch.size(), batch.height(), batch.width()},
            new TensorOptions(ScalarType.Long))
        .to(placement.device(), ScalarType.Long, false, true, new MemoryFormatOptional());
  }
}
