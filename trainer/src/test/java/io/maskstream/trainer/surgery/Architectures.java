package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.List;

/// Small classifiers of 7 classes over 224 x 224, each with the features of a family of networks as
/// exporters write them; weights are random.
enum Architectures {
  /// Channels split, and shuffled by constant shapes; the end is a mean over axes.
  SHUFFLENET_V2 {
    @Override
    OnnxModel build() {
      return shuffled(fixed(), false);
    }
  },
  /// The same with the sizes of every shape read from the value at hand.
  SHUFFLENET_V2_FREE {
    @Override
    OnnxModel build() {
      return shuffled(Nets.of("N", 3, "H", "W"), true);
    }
  },
  /// The same where only the batch was left free: shapes of sides that are read, and others that
  /// are not.
  SHUFFLENET_V2_BATCHES {
    @Override
    OnnxModel build() {
      return shuffled(Nets.of("N", 3, 224, 224), false);
    }
  },
  /// Squeeze and excitation by convolutions; SiLU by its parts.
  EFFICIENTNET {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(8, 3, 2, 1).batchNorm();
      silu(net);
      for (int out : new int[] {12, 16, 16, 24, 32}) {
        String from = net.value();
        long in = net.channels();
        silu(net.conv(3 * in, 1, 1, 0).batchNorm());
        int stride = out == in ? 1 : 2;
        silu(net.grouped(3 * in, out % 3 == 0 ? 5 : 3, stride, (int) (3 * in)).batchNorm());
        String trunk = net.value();
        silu(net.node("GlobalAveragePool").conv(4, 1, 1, 0));
        String gate = net.conv(3 * in, 1, 1, 0).node("Sigmoid").value();
        net.at(trunk, 3 * in).node("Mul", gate).conv(out, 1, 1, 0).batchNorm();
        if (stride == 1) {
          net.node("Add", from);
        }
      }
      silu(net.conv(48, 1, 1, 0).batchNorm());
      return net.node("GlobalAveragePool").flatten().gemm(48, CLASSES, true).model();
    }
  },
  /// Squeeze and excitation by a mean without sides, fully connected layers and a fixed shape;
  /// zeros around as TensorFlow puts them; hard swish in both ways; a layer after the last pooling.
  MOBILENET_V3 {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(8, 3, 2, 0, 0, 1, 1).batchNorm().node("HardSwish");
      for (int out : new int[] {12, 16, 16, 24, 32}) {
        String from = net.value();
        long in = net.channels();
        hardSwish(net.conv(2 * in, 1, 1, 0).batchNorm());
        int stride = out == in ? 1 : 2;
        net.grouped(2 * in, 3, stride, (int) (2 * in)).batchNorm().node("HardSwish");
        String trunk = net.value();
        mean(net, 0).gemm(2 * in, 6, true).relu().gemm(6, 2 * in, false);
        net.at(hardSigmoid(net), 2 * in);
        String shape = net.wiring().vector("gate_shape", 1, 2 * in, 1, 1);
        String gate = net.node("Reshape", shape).value();
        net.at(trunk, 2 * in).node("Mul", gate).conv(out, 1, 1, 0).batchNorm();
        if (stride == 1) {
          net.node("Add", from);
        }
      }
      net.conv(48, 1, 1, 0).batchNorm().node("HardSwish");
      net.node("GlobalAveragePool").flatten().gemm(48, 40, true);
      hardSwish(net);
      return net.gemm(40, CLASSES, true).model();
    }
  },
  /// Grouped convolutions and residuals; excitation that is expanded to the sides of what it
  /// excites (SE-ResNeXt).
  RESNEXT {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(16, 7, 2, 3).batchNorm().relu().pool("MaxPool", 3, 2, 1, 1, 1, 1);
      for (int out : new int[] {16, 24, 24, 32, 48}) {
        String from = net.value();
        long in = net.channels();
        int stride = out == in ? 1 : 2;
        net.conv(16, 1, 1, 0).batchNorm().relu().grouped(16, 3, stride, 4).batchNorm().relu();
        String made = excited(net.conv(out, 1, 1, 0).batchNorm());
        net.at(from, in);
        if (stride == 2) {
          net.conv(out, 1, 2, 0).batchNorm();
        }
        net.node("Add", made).relu();
      }
      return ended(net);
    }
  },
  /// Shortcuts that are pooled over 2 x 2, and a pool beside a bare stride as Xception has it:
  /// their cells lie half a cell off what they are added to, and there are as many only at even
  /// sides.
  RESNET_D {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(12, 3, 2, 1).batchNorm().relu();
      for (int out : new int[] {16, 24, 32, 48}) {
        String from = net.value();
        long in = net.channels();
        if (out == 24) {
          net.conv(out, 3, 1, 1).batchNorm().relu().pool("MaxPool", 3, 2, 0, 0, 1, 1);
        } else {
          net.conv(out, 1, 1, 0).batchNorm().relu().conv(out, 3, 2, 1).batchNorm();
        }
        String made = net.value();
        if (out == 24) {
          net.at(from, in).conv(out, 1, 2, 0).batchNorm();
        } else {
          net.at(from, in).pool("AveragePool", 2, 2).conv(out, 1, 1, 0).batchNorm();
        }
        net.node("Add", made).relu();
      }
      return ended(net);
    }
  },
  /// Everything before is kept beside what is new.
  DENSENET {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(12, 7, 2, 3).batchNorm().relu().pool("MaxPool", 3, 2, 1, 1, 1, 1);
      for (int block = 0; block < 4; block++) {
        for (int layer = 0; layer < 2; layer++) {
          String before = net.value();
          long in = net.channels();
          net.batchNorm().relu().conv(16, 1, 1, 0).batchNorm().relu().conv(6, 3, 1, 1);
          net.concat(in + 6, before, net.value());
        }
        net.batchNorm().relu();
        if (block < 3) {
          net.conv(12, 1, 1, 0).pool("AveragePool", 2, 2);
        }
      }
      return ended(net);
    }
  },
  /// Normalised over neighbouring channels; pools that reach over the end; branches side by side; a
  /// window over everything at the end.
  GOOGLENET {
    @Override
    OnnxModel build() {
      Nets net = fixed().conv(8, 7, 2, 3).relu();
      ceilPool(net);
      lrn(net).conv(8, 1, 1, 0).relu().conv(16, 3, 1, 1).relu();
      ceilPool(lrn(net));
      for (int stage = 0; stage < 3; stage++) {
        String from = net.value();
        long in = net.channels();
        String narrow = net.conv(6, 1, 1, 0).relu().value();
        String wide = net.at(from, in).conv(4, 1, 1, 0).relu().conv(8, 3, 1, 1).relu().value();
        String wider = net.at(from, in).conv(2, 1, 1, 0).relu().conv(4, 5, 1, 2).relu().value();
        net.at(from, in).pool("MaxPool", 3, 1, 1, 1, 1, 1).conv(6, 1, 1, 0).relu();
        net.concat(24, narrow, wide, wider, net.value());
        if (stage < 2) {
          ceilPool(net);
        }
      }
      net.pool("AveragePool", 7, 1).node("Dropout").flatten().gemm(24, CLASSES, true);
      return net.node("Softmax").model();
    }
  };

  static final int SIDE = 224;
  static final int CLASSES = 7;

  abstract OnnxModel build();

  private static Nets fixed() {
    return Nets.of(1, 3, SIDE, SIDE);
  }

  private static OnnxModel ended(Nets net) {
    long features = net.channels();
    return net.node("GlobalAveragePool").flatten().gemm(features, CLASSES, true).model();
  }

  private static void silu(Nets net) {
    String x = net.value();
    net.node("Sigmoid").node("Mul", x);
  }

  private static void hardSwish(Nets net) {
    String x = net.value();
    net.at(net.wiring().value("Mul", "swished", x, hardSigmoid(net)), net.channels());
  }

  /// By its parts: clip(x + 3, 0, 6) / 6.
  private static String hardSigmoid(Nets net) {
    Wiring wiring = net.wiring();
    net.node("Add", wiring.floats("three", new long[0], 3));
    net.node("Clip", wiring.floats("low", new long[0], 0), wiring.floats("high", new long[0], 6));
    return net.node("Div", wiring.floats("six", new long[0], 6)).value();
  }

  private static Nets mean(Nets net, int keepdims) {
    OnnxNode mean = net.wiring().node("ReduceMean", "mean", net.value());
    mean.set("axes", new long[] {2, 3}).set("keepdims", keepdims);
    return net.at(mean.output(), net.channels());
  }

  /// The pooled value is viewed as a vector, and the gate expanded where its shape says so: -1 for
  /// a side that stays.
  private static String excited(Nets net) {
    Wiring wiring = net.wiring();
    String x = net.value();
    long channels = net.channels();
    String pooled = net.node("GlobalAveragePool").value();
    String batch =
        wiring
            .node("Gather", "batch", wiring.value("Shape", "pooled_shape", pooled), at(net, 0))
            .set("axis", 0)
            .output();
    String flat = target(net, batch, wiring.vector("channels", channels));
    net.node("Reshape", flat).gemm(channels, 4, true).relu().gemm(4, channels, true);
    String axes = wiring.vector("gate_axes", 2, 3);
    net.node("Sigmoid").node("Unsqueeze", axes);
    String sides = wiring.value("Shape", "excited_shape", x);
    String rank = wiring.value("Shape", "excited_rank", sides);
    OnnxNode filled = wiring.node("ConstantOfShape", "ones", rank);
    String ones = filled.set("value", OnnxTensor.ofVector("", 1)).output();
    String open = wiring.value("Mul", "open", ones, wiring.vector("minus", -1));
    String stays = wiring.value("Equal", "stays", sides, open);
    net.node("Expand", wiring.value("Where", "gate_sides", stays, ones, sides));
    return net.at(wiring.value("Mul", "excited", x, net.value()), channels).value();
  }

  private static String at(Nets net, long index) {
    return net.wiring().vector(net.graph().freshName("at"), index);
  }

  private static Nets lrn(Nets net) {
    OnnxNode lrn = net.wiring().node("LRN", "lrn", net.value());
    lrn.set("size", 5).set("alpha", 0.0001f).set("beta", 0.75f);
    return net.at(lrn.output(), net.channels());
  }

  private static Nets ceilPool(Nets net) {
    OnnxNode pool = net.wiring().node("MaxPool", "pool", net.value());
    pool.set("kernel_shape", new long[] {3, 3}).set("strides", new long[] {2, 2});
    return net.at(pool.set("ceil_mode", 1).output(), net.channels());
  }

  private static OnnxModel shuffled(Nets net, boolean free) {
    boolean batches = !net.graph().inputs().getFirst().shape().getFirst().isFixed();
    net.conv(8, 3, 2, 1).batchNorm().relu().pool("MaxPool", 3, 2, 1, 1, 1, 1);
    int side = SIDE / 4;
    for (int out : new int[] {16, 16, 24, 24, 32}) {
      String from = net.value();
      long in = net.channels();
      int half = out / 2;
      String left;
      if (out == in) {
        List<String> halves = halves(net, half, free);
        left = halves.getFirst();
        net.at(halves.getLast(), half);
      } else {
        side /= 2;
        net.grouped(in, 3, 2, (int) in).batchNorm();
        left = net.conv(half, 1, 1, 0).batchNorm().relu().value();
        net.at(from, in);
      }
      net.conv(half, 1, 1, 0).batchNorm().relu();
      net.grouped(half, 3, out == in ? 1 : 2, half).batchNorm();
      net.conv(half, 1, 1, 0).batchNorm().relu();
      shuffle(net.concat(out, left, net.value()), side, batches, free);
    }
    net.conv(40, 1, 1, 0).batchNorm().relu();
    return mean(net, 0).gemm(40, CLASSES, true).model();
  }

  private static List<String> halves(Nets net, int half, boolean sliced) {
    Wiring wiring = net.wiring();
    if (!sliced) {
      String lengths = wiring.vector("halves", half, half);
      OnnxNode split =
          new OnnxNode(
              "Split",
              List.of(net.value(), lengths),
              List.of(net.graph().freshName("left"), net.graph().freshName("right")));
      net.graph().append(split.set("axis", 1));
      return split.outputs();
    }
    String axis = wiring.vector("channel_axis", 1);
    String middle = wiring.vector("middle", half);
    String end = wiring.vector("end", Long.MAX_VALUE);
    return List.of(
        wiring.value("Slice", "left", net.value(), wiring.vector("start", 0), middle, axis),
        wiring.value("Slice", "right", net.value(), middle, end, axis));
  }

  /// @param batches whether the batch is read from the value
  /// @param free whether channels and sides are, too
  private static void shuffle(Nets net, int side, boolean batches, boolean free) {
    Wiring wiring = net.wiring();
    long channels = net.channels();
    String shape = wiring.value("Shape", "shape", net.value());
    List<String> sides = new ArrayList<>();
    for (int axis = 0; axis < 4; axis++) {
      long known = new long[] {1, channels, side, side}[axis];
      String read = wiring.node("Gather", "side", shape, at(net, axis)).set("axis", 0).output();
      sides.add((axis == 0 ? batches : free) ? read : wiring.vector("known", known));
    }
    String two = wiring.vector("groups", 2);
    String each =
        free ? wiring.value("Div", "each", sides.get(1), two) : wiring.vector("each", channels / 2);
    String apart = target(net, sides.get(0), two, each, sides.get(2), sides.get(3));
    String together =
        free
            ? target(net, sides.get(0), wiring.vector("rest", -1), sides.get(2), sides.get(3))
            : target(net, sides.get(0), sides.get(1), sides.get(2), sides.get(3));
    net.node("Reshape", apart);
    OnnxNode turned = wiring.node("Transpose", "turned", net.value());
    net.at(turned.set("perm", new long[] {0, 2, 1, 3, 4}).output(), channels);
    net.node("Reshape", together);
  }

  private static String target(Nets net, String... parts) {
    return net.wiring().node("Concat", "target", parts).set("axis", 0).output();
  }
}
