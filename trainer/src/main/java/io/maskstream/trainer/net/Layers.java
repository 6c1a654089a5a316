package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/// Writes a network layer by layer, with random weights: uniform, with the deviation that keeps the
/// scale of what goes through (He et al. 2015, equation 10). Every layer is named, and so is what
/// it gives. Weights are drawn when they are first asked for, each from its own name, so a network
/// whose shapes alone are wanted costs no memory.
final class Layers {

  private static final int OPSET = 17;
  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
  private static final float[] STD = {58.395f, 57.12f, 57.375f};

  private final OnnxModel model;
  private final OnnxGraph graph;
  private final int thinning;
  private final Map<String, Integer> channels = new HashMap<>();

  /// A graph with one input, float N x 3 x H x W.
  ///
  /// @param size of its sides, 0 for any
  /// @param thinning by which the published number of channels is divided
  Layers(String name, String input, long size, int thinning) {
    model = OnnxModel.create(name, OPSET);
    graph = model.graph();
    graph.setInputs(pictures(input, 3, size == 0 ? -1 : size, "H", "W"));
    channels.put(input, 3);
    this.thinning = thinning;
  }

  Layers(String name, String input, long size) {
    this(name, input, size, 1);
  }

  /// Each colour less its mean, over its deviation, as torchvision's networks have it.
  String normalised(String value) {
    node("Sub", "centred", value, floats("mean", new long[] {1, 3, 1, 1}, MEAN));
    node("Div", "normalised", "centred", floats("std", new long[] {1, 3, 1, 1}, STD));
    return of("normalised", channels(value));
  }

  /// Convolution with a bias.
  ///
  /// @param to its channels as published
  String conv(String name, String value, int to, Filter filter) {
    return biased(name, value, thin(to), filter);
  }

  /// A convolution of 1 x 1 that gives a score for each class.
  String score(String name, String value, int classes) {
    return biased(name, value, classes, Filter.of(1));
  }

  private String biased(String name, String value, int to, Filter filter) {
    String weight = weight(name + ".weight", to, channels(value) / filter.groups(), filter.side());
    String bias = floats(name + ".bias", new long[] {to}, new float[to]);
    return windowed(node("Conv", name, value, weight, bias), filter, to);
  }

  String convRelu(String name, String value, int to, Filter filter) {
    return relu(conv(name, value, to, filter));
  }

  /// Convolution without bias, and batch norm.
  String convNorm(String name, String value, int to, Filter filter) {
    int thin = thin(to);
    String weight =
        weight(name + ".weight", thin, channels(value) / filter.groups(), filter.side());
    windowed(node("Conv", name, value, weight), filter, thin);
    String[] inputs = {name, "", "", "", ""};
    String[] parts = {"scale", "shift", "mean", "var"};
    for (int i = 0; i < parts.length; i++) {
      String part = name + ".bn." + parts[i];
      inputs[i + 1] = graph.add(OnnxTensor.ofFilled(part, new long[] {thin}, i % 3 == 0 ? 1 : 0));
    }
    return of(node("BatchNormalization", name + ".bn", inputs).output(), thin);
  }

  String convNormRelu(String name, String value, int to, Filter filter) {
    return relu(convNorm(name, value, to, filter));
  }

  private String windowed(OnnxNode conv, Filter filter, int to) {
    int pad = filter.pad();
    conv.set("kernel_shape", filter.side(), filter.side())
        .set("strides", filter.stride(), filter.stride())
        .set("dilations", filter.dilation(), filter.dilation())
        .set("pads", pad, pad, pad, pad)
        .set("group", filter.groups());
    return of(conv.output(), to);
  }

  /// A fully connected layer.
  ///
  /// @param cells of each channel that it reads, 1 where it reads a vector
  String fullyConnected(String name, String value, int cells, int published) {
    int to = thin(published);
    String weight = weight(name + ".weight", new long[] {to, (long) channels(value) * cells});
    String bias = floats(name + ".bias", new long[] {to}, new float[to]);
    return of(node("Gemm", name, value, weight, bias).set("transB", 1).output(), to);
  }

  String relu(String value) {
    return of(node("Relu", value + ".relu", value).output(), channels(value));
  }

  String dropout(String value, float ratio) {
    String share = floats(value + ".ratio", new long[0], ratio);
    return of(node("Dropout", value + ".dropout", value, share).output(), channels(value));
  }

  /// Across five channels, as AlexNet and GoogLeNet have it (Krizhevsky et al. 2012, section 3.3).
  String localResponse(String name, String value) {
    OnnxNode norm = node("LRN", name, value).set("size", 5).set("alpha", 1e-4f);
    return of(norm.set("beta", 0.75f).set("bias", 1f).output(), channels(value));
  }

  String maxPool(String name, String value, int kernel, int stride, int pad) {
    OnnxNode pool = node("MaxPool", name, value).set("kernel_shape", kernel, kernel);
    pool.set("strides", stride, stride).set("pads", pad, pad, pad, pad);
    return of(pool.output(), channels(value));
  }

  /// As Caffe counts windows: a last one may reach over the end.
  String ceilPool(String name, String value, int kernel, int stride) {
    maxPool(name, value, kernel, stride, 0);
    graph.producer(name).orElseThrow().set("ceil_mode", 1);
    return name;
  }

  String globalAverage(String name, String value) {
    return of(node("GlobalAveragePool", name, value).output(), channels(value));
  }

  String flat(String name, String value) {
    return of(node("Flatten", name, value).output(), channels(value));
  }

  String concat(String name, String... values) {
    int sum = List.of(values).stream().mapToInt(this::channels).sum();
    return of(node("Concat", name, values).set("axis", 1).output(), sum);
  }

  String add(String name, String left, String right) {
    return of(node("Add", name, left, right).output(), channels(left));
  }

  /// Bilinear, to the sides of another value, by the centres of pixels.
  String resizedTo(String name, String value, String like) {
    return resizedTo(name, value, like, Corners.BETWEEN_PIXELS);
  }

  String resizedTo(String name, String value, String like, Corners corners) {
    graph.add(OnnxTensor.ofVector(name + ".channels", channels(value)));
    node("Shape", name + ".pictures", like).set("start", 0).set("end", 1);
    node("Shape", name + ".sides", like).set("start", 2);
    node("Concat", name + ".sizes", name + ".pictures", name + ".channels", name + ".sides")
        .set("axis", 0);
    OnnxNode resize = node("Resize", name, value, "", "", name + ".sizes").set("mode", "linear");
    resize.set("coordinate_transformation_mode", corners.mode());
    return of(resize.output(), channels(value));
  }

  OnnxNode node(String operator, String output, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), output);
    graph.append(node);
    return node;
  }

  /// A constant vector, or a number where there is no shape.
  String integers(String name, long[] shape, long... values) {
    return graph.add(OnnxTensor.ofLongs(name, shape, values));
  }

  private int thin(int published) {
    return Math.max(1, published / thinning);
  }

  int channels(String value) {
    return Objects.requireNonNull(channels.get(value), value);
  }

  /// Says how many channels a value has that [#node] made.
  String of(String value, int count) {
    channels.put(value, count);
    return value;
  }

  private String weight(String name, int to, int from, int side) {
    return weight(name, new long[] {to, from, side, side});
  }

  private String weight(String name, long[] shape) {
    double inputs = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      inputs *= shape[axis];
    }
    // Uniform numbers up to b deviate by b / sqrt(3); VGG has too many to draw normal ones.
    double bound = Math.sqrt(3 * 2 / inputs);
    return graph.add(
        OnnxTensor.ofDrawn(
            name,
            shape,
            () -> {
              SplittableRandom random = new SplittableRandom(name.hashCode());
              return () -> bound * (2 * random.nextDouble() - 1);
            }));
  }

  private String floats(String name, long[] shape, float... values) {
    return graph.add(OnnxTensor.ofFloats(name, shape, values));
  }

  static OnnxValue pictures(String name, long channels, long size, String height, String width) {
    return new OnnxValue(
        name,
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(channels),
            side(size, height),
            side(size, width)));
  }

  private static OnnxDimension side(long size, String name) {
    return size < 0 ? OnnxDimension.free(name) : OnnxDimension.fixed(size);
  }

  /// The graph with one vector of scores for each picture.
  OnnxModel classifier(String scores) {
    OnnxDimension classes = OnnxDimension.fixed(channels(scores));
    return model(new OnnxValue(scores, OnnxType.FLOAT, List.of(OnnxDimension.free("N"), classes)));
  }

  /// The graph with these outputs.
  OnnxModel model(OnnxValue... outputs) {
    graph.setOutputs(List.of(outputs));
    graph.check();
    return model;
  }
}
