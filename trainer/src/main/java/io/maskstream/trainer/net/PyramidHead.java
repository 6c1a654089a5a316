package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxType;

/// PSPNet's pyramid pooling (Zhao et al. 2017, section 3.2): means over 1, 4, 9 and 36 parts of the
/// picture, beside the map itself.
///
/// The means are those of PyTorch's adaptive pooling for any size of map, in plain ONNX: part i of
/// b over n cells reaches from floor(i n / b) to ceil((i + 1) n / b), so the means along one axis
/// are a product with a b x n matrix of 1 / length within the part and 0 elsewhere. The graph makes
/// the matrix from the size of the map.
///
/// @param width channels
record PyramidHead(int width) implements Head {

  private static final int[] BINS = {1, 2, 3, 6};

  @Override
  public String write(Layers layers, String name, String x, Corners corners) {
    String[] joined = new String[BINS.length + 1];
    joined[0] = x;
    for (int i = 0; i < BINS.length; i++) {
      String bin = name + ".bin" + BINS[i];
      String y = layers.convNormRelu(bin, pooled(layers, bin, x, BINS[i]), width, Filter.of(1));
      joined[i + 1] = layers.resizedTo(bin + ".full", y, x, corners);
    }
    String y = layers.concat(name + ".pyramid", joined);
    y = layers.convNormRelu(name + ".bottleneck", y, width, Filter.of(3));
    return layers.dropout(y, 0.1f);
  }

  /// The means over bins x bins parts.
  static String pooled(Layers layers, String name, String x, int bins) {
    if (bins == 1) {
      return layers.globalAverage(name + ".mean", x);
    }
    String rows = parts(layers, name + ".rows", x, 2, bins);
    String columns = parts(layers, name + ".columns", x, 3, bins);
    String turned =
        layers.node("Transpose", columns + ".turned", columns).set("perm", 1, 0).output();
    String across = layers.node("MatMul", name + ".across", x, turned).output();
    String mean = layers.node("MatMul", name + ".mean", rows, across).output();
    return layers.of(mean, layers.channels(x));
  }

  /// The matrix of means along one axis.
  private static String parts(Layers layers, String name, String x, int axis, int bins) {
    long[] from = new long[bins];
    long[] to = new long[bins];
    for (int i = 0; i < bins; i++) {
      from[i] = i;
      to[i] = i + 1;
    }
    long[] column = {bins, 1};
    long[] number = {};
    String count = layers.integers(name + ".count", number, bins);
    String side =
        layers.node("Shape", name + ".side", x).set("start", axis).set("end", axis + 1).output();
    String cells = layers.node("Squeeze", name + ".cells", side).output();

    String first = layers.integers(name + ".first", column, from);
    String start = divided(layers, name + ".start", times(layers, first, cells), count);
    String last = layers.integers(name + ".last", column, to);
    String more = layers.integers(name + ".round", number, bins - 1);
    String ended = layers.node("Add", name + ".ended", times(layers, last, cells), more).output();
    String end = divided(layers, name + ".end", ended, count);

    String zero = layers.integers(name + ".zero", number, 0);
    String one = layers.integers(name + ".one", number, 1);
    String at = layers.node("Range", name + ".at", zero, cells, one).output();
    String begun = layers.node("LessOrEqual", name + ".begun", start, at).output();
    String going = layers.node("Less", name + ".going", at, end).output();
    String within = layers.node("And", name + ".within", begun, going).output();
    String length = layers.node("Sub", name + ".length", end, start).output();
    return layers.node("Div", name, real(layers, within), real(layers, length)).output();
  }

  private static String times(Layers layers, String value, String cells) {
    return layers.node("Mul", value + ".scaled", value, cells).output();
  }

  private static String divided(Layers layers, String name, String value, String count) {
    return layers.node("Div", name, value, count).output();
  }

  private static String real(Layers layers, String value) {
    return layers.node("Cast", value + ".real", value).set("to", OnnxType.FLOAT.number()).output();
  }
}
