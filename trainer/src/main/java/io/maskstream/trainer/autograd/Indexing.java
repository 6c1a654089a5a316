package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Parts of tensors, tensors side by side, and what is laid around them.
final class Indexing {

  private Indexing() {}

  static void register(Operators operators) {
    operators.one("Concat", Indexing::concat);
    operators.many("Split", Indexing::split);
    operators.one("Slice", _ -> Indexing::slice);
    operators.one("Gather", Indexing::gather);
    operators.one("GatherElements", Indexing::gatherElements);
    operators.one("Pad", Indexing::pad);
  }

  private static One concat(OnnxNode node) {
    long axis = node.integer("axis", 0);
    return call -> {
      Tensor[] parts = new Tensor[call.count()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = call.tensor(i);
      }
      return torch.cat(new TensorVector(parts), axis);
    };
  }

  /// Lengths are an input, or as equal as can be: the last part is the short one.
  private static Kernel split(OnnxNode node) {
    long axis = node.integer("axis", 0);
    long count = node.integer("num_outputs", node.outputs().size());
    return call -> {
      Tensor x = call.tensor(0);
      long size = x.size(axis);
      long each = Math.ceilDiv(size, count);
      long[] lengths =
          call.has(1)
              ? call.longs(1)
              : LongStream.range(0, count).map(i -> Math.min(each, size - i * each)).toArray();
      List<Tensor> parts = new ArrayList<>();
      long from = 0;
      for (long length : lengths) {
        parts.add(x.narrow(axis, from, length));
        from += length;
      }
      return parts;
    };
  }

  private static Tensor slice(Call call) {
    Tensor x = call.tensor(0);
    long[] starts = call.longs(1);
    long[] ends = call.longs(2);
    long[] axes = call.has(3) ? call.longs(3) : LongStream.range(0, starts.length).toArray();
    long[] steps = call.has(4) ? call.longs(4) : Window.filled(starts.length, 1);
    for (int i = 0; i < axes.length; i++) {
      long size = x.size(axes[i]);
      x =
          steps[i] > 0
              ? forwards(x, axes[i], size, starts[i], ends[i], steps[i])
              : backwards(x, axes[i], size, starts[i], ends[i], steps[i]);
    }
    return x;
  }

  private static Tensor forwards(Tensor x, long axis, long size, long start, long end, long step) {
    long from = Math.clamp(start < 0 ? start + size : start, 0L, size);
    long to = Math.clamp(end < 0 ? end + size : end, from, size);
    return torch.slice(x, axis, new LongOptional(from), new LongOptional(to), step);
  }

  private static Tensor backwards(Tensor x, long axis, long size, long start, long end, long step) {
    long from = Math.clamp(start < 0 ? start + size : start, -1L, size - 1);
    long to = Math.clamp(end < 0 ? end + size : end, -1L, size - 1);
    long[] taken = LongStream.iterate(from, i -> i > to, i -> i + step).toArray();
    return x.index_select(axis, HostArrays.of(taken, taken.length).to(x.device(), ScalarType.Long));
  }

  /// Takes whole slices; indices of any shape, counted from the end where negative.
  private static One gather(OnnxNode node) {
    long given = node.integer("axis", 0);
    return call -> {
      Tensor x = call.tensor(0);
      int axis = (int) (given < 0 ? given + x.dim() : given);
      Tensor indices = fromTheFront(call.tensor(1), x.size(axis));
      Tensor taken = x.index_select(axis, indices.reshape(-1));
      long[] shape = x.shape();
      long[] place = indices.shape();
      long[] result =
          LongStream.concat(
                  LongStream.concat(Arrays.stream(shape, 0, axis), Arrays.stream(place)),
                  Arrays.stream(shape, axis + 1, shape.length))
              .toArray();
      return taken.reshape(result);
    };
  }

  private static One gatherElements(OnnxNode node) {
    long axis = node.integer("axis", 0);
    return call -> {
      Tensor x = call.tensor(0);
      return torch.gather(x, axis, fromTheFront(call.tensor(1), x.size(axis)));
    };
  }

  private static Tensor fromTheFront(Tensor indices, long size) {
    Tensor whole = indices.to(ScalarType.Long);
    return torch.remainder(whole, new Scalar(size));
  }

  private static One pad(OnnxNode node) {
    String mode = node.text("mode", "constant");
    String torchMode =
        switch (mode) {
          case "constant" -> "constant";
          case "reflect" -> "reflect";
          case "edge" -> "replicate";
          case "wrap" -> "circular";
          default -> throw new OnnxException(node + ": pad mode " + mode + " is unknown");
        };
    return call -> {
      Tensor x = call.tensor(0);
      long[] pads = pads(call, (int) x.dim());
      if (mode.equals("constant")) {
        Scalar value = call.has(2) ? call.scalar(2) : new Scalar(0.0);
        return torch.constant_pad_nd(x, pads, value);
      }
      // The other modes take the last axes only, as many as are padded.
      int used = pads.length;
      while (used > 2 && pads[used - 1] == 0 && pads[used - 2] == 0) {
        used -= 2;
      }
      return torch.pad(x, Arrays.copyOf(pads, used), torchMode, new DoubleOptional());
    };
  }

  /// As libtorch writes them, of an operand that has those of some axes or of all.
  private static long[] pads(Call call, int rank) {
    long[] given = call.longs(1);
    long[] axes = call.has(3) ? call.longs(3) : LongStream.range(0, given.length / 2).toArray();
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = (int) (axes[i] < 0 ? axes[i] + rank : axes[i]);
      begin[axis] = given[i];
      end[axis] = given[axes.length + i];
    }
    return new Window.Pads(begin, end).forTorch();
  }
}
