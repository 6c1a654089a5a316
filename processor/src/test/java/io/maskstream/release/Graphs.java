package io.maskstream.release;

import com.google.protobuf.InvalidProtocolBufferException;
import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.NodeProto;
import io.maskstream.onnx.proto.TensorShapeProto;
import io.maskstream.onnx.proto.TypeProto;
import io.maskstream.onnx.proto.ValueInfoProto;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Small graphs, made for tests.
public final class Graphs {

  private Graphs() {}

  /// A third-party net in the making: average pooling to stride 4, then random scores of classes,
  /// NCHW. What it ends in is for the caller.
  static OnnxModel scores(long opset, OnnxValue input, int classes, boolean nhwcInput) {
    OnnxModel model = OnnxModel.create("stand-in", opset);
    var graph = model.graph();
    graph.setInputs(input);
    String value = input.name();
    if (nhwcInput) {
      value =
          graph.append(
              new OnnxNode("Transpose", List.of(value), "planes")
                  .set("perm", new long[] {0, 3, 1, 2}));
    }
    graph.append(
        new OnnxNode("AveragePool", List.of(value), "pooled")
            .set("kernel_shape", new long[] {4, 4})
            .set("strides", new long[] {4, 4}));
    Random random = new Random(11);
    float[] weights = new float[3 * classes];
    float[] bias = new float[classes];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = 3 * (float) random.nextGaussian();
    }
    for (int i = 0; i < classes; i++) {
      bias[i] = (float) random.nextGaussian();
    }
    graph.add(OnnxTensor.ofFloats("w", new long[] {classes, 3, 1, 1}, weights));
    graph.add(OnnxTensor.ofFloats("b", new long[] {classes}, bias));
    graph.append(
        new OnnxNode("Conv", List.of("pooled", "w", "b"), "score")
            .set("kernel_shape", new long[] {1, 1}));
    return model;
  }

  static OnnxValue floats(String name, Object... shape) {
    return value(name, OnnxType.FLOAT, shape);
  }

  static OnnxValue value(String name, OnnxType type, Object... shape) {
    List<OnnxDimension> dimensions = new ArrayList<>();
    for (Object side : shape) {
      dimensions.add(
          side instanceof Integer fixed
              ? OnnxDimension.fixed(fixed)
              : OnnxDimension.free((String) side));
    }
    return new OnnxValue(name, type, dimensions);
  }

  /// Enlarges the scores four times.
  static void upscore(OnnxModel model, String from, String to) {
    model.graph().add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 4, 4));
    model
        .graph()
        .append(new OnnxNode("Resize", List.of(from, "", "scales"), to).set("mode", "linear"));
  }

  /// A release whose class is the red byte, and which fails on any byte of 200 or more: it looks
  /// each up in a table of 200. Takes any size and batch.
  public static ReleaseFile echo() {
    OnnxModel model = echoModel();
    return ReleaseFile.of(model.toBytes(), "echo");
  }

  /// The same, one frame a run.
  public static ReleaseFile echoOneByOne() {
    OnnxModel model = echoModel();
    model.graph().setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, 1, "H", "W", 3));
    return ReleaseFile.of(model.toBytes(), "echo");
  }

  private static OnnxModel echoModel() {
    OnnxModel model = OnnxModel.create("echo", 17);
    var graph = model.graph();
    graph.setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, "N", "H", "W", 3));
    long[] table = new long[200];
    for (int i = 0; i < table.length; i++) {
      table[i] = i;
    }
    graph.add(OnnxTensor.ofVector("table", table));
    graph.add(OnnxTensor.ofLongs("red", new long[0], 0));
    graph.append(
        new OnnxNode("Cast", List.of(ReleaseFile.INPUT), "index")
            .set("to", OnnxType.INT64.number()));
    graph.append(new OnnxNode("Gather", List.of("table", "index"), "looked_up").set("axis", 0));
    graph.append(new OnnxNode("Gather", List.of("looked_up", "red"), "first").set("axis", 3));
    graph.append(
        new OnnxNode("Cast", List.of("first"), ReleaseFile.CLASSES)
            .set("to", OnnxType.UINT8.number()));
    graph.setOutputs(List.of(value(ReleaseFile.CLASSES, OnnxType.UINT8, "N", "h", "w")));
    ReleaseMetadata.put(
        model, "echo", "1", Palette.numbered(200), new InputSize.Free(1, 1_000_000));
    return model;
  }

  /// A release whose class is the red byte, whatever it is.
  public static ReleaseFile first() {
    OnnxModel model = OnnxModel.create("first", 17);
    model.graph().setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, "N", "H", "W", 3));
    model.graph().add(OnnxTensor.ofLongs("red", new long[0], 0));
    model
        .graph()
        .append(
            new OnnxNode("Gather", List.of(ReleaseFile.INPUT, "red"), ReleaseFile.CLASSES)
                .set("axis", 3));
    model.graph().setOutputs(List.of(value(ReleaseFile.CLASSES, OnnxType.UINT8, "N", "h", "w")));
    ReleaseMetadata.put(
        model, "first", "1", Palette.numbered(255), new InputSize.Free(1, 1_000_000));
    return ReleaseFile.of(model.toBytes(), "first");
  }

  /// A release that parts the red byte into so many classes of equal width, with a version of its
  /// own. Takes any size and batch, or frames of one size only.
  public static ReleaseFile levels(int version, int classes, @Nullable Size only) {
    OnnxModel model = OnnxModel.create("levels", 17);
    var graph = model.graph();
    Object height = only == null ? "H" : only.height();
    Object width = only == null ? "W" : only.width();
    graph.setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, "N", height, width, 3));
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (long) i * classes / 256;
    }
    graph.add(OnnxTensor.ofVector("table", table));
    graph.add(OnnxTensor.ofLongs("red", new long[0], 0));
    graph.append(new OnnxNode("Gather", List.of(ReleaseFile.INPUT, "red"), "first").set("axis", 3));
    graph.append(
        new OnnxNode("Cast", List.of("first"), "index").set("to", OnnxType.INT64.number()));
    graph.append(new OnnxNode("Gather", List.of("table", "index"), "level").set("axis", 0));
    graph.append(
        new OnnxNode("Cast", List.of("level"), ReleaseFile.CLASSES)
            .set("to", OnnxType.UINT8.number()));
    graph.setOutputs(List.of(value(ReleaseFile.CLASSES, OnnxType.UINT8, "N", "h", "w")));
    ReleaseMetadata.put(
        model,
        "levels",
        Integer.toString(version),
        Palette.numbered(classes),
        only == null ? new InputSize.Free(1, 1_000_000) : new InputSize.Fixed(only));
    return ReleaseFile.of(model.toBytes(), "levels");
  }

  /// A release that keeps the contract and that ONNX Runtime refuses: it knows no such operator.
  public static ReleaseFile unknownOperator() {
    OnnxModel model = OnnxModel.create("unknown", 17);
    model.graph().setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, "N", "H", "W", 3));
    model.graph().append(new OnnxNode("Divine", List.of(ReleaseFile.INPUT), ReleaseFile.CLASSES));
    model.graph().setOutputs(List.of(value(ReleaseFile.CLASSES, OnnxType.UINT8, "N", "h", "w")));
    ReleaseMetadata.put(
        model, "unknown", "1", Palette.numbered(3), new InputSize.Free(1, 1_000_000));
    return ReleaseFile.of(model.toBytes(), "unknown");
  }

  /// A release that never comes back from a frame with a byte of 200 or more.
  public static ReleaseFile endless() {
    OnnxModel model = OnnxModel.create("endless", 17);
    var graph = model.graph();
    graph.setInputs(value(ReleaseFile.INPUT, OnnxType.UINT8, "N", "H", "W", 3));
    long[] trips = new long[256];
    for (int i = 0; i < trips.length; i++) {
      trips[i] = i < 200 ? 1 : 1L << 62;
    }
    graph.add(OnnxTensor.ofVector("trips", trips));
    graph.add(OnnxTensor.ofLongs("red", new long[0], 0));
    graph.append(
        new OnnxNode("Cast", List.of(ReleaseFile.INPUT), "index")
            .set("to", OnnxType.INT32.number()));
    graph.append(new OnnxNode("ReduceMax", List.of("index"), "most").set("keepdims", 0));
    graph.append(new OnnxNode("Gather", List.of("trips", "most"), "times"));
    graph.append(new OnnxNode("Gather", List.of(ReleaseFile.INPUT, "red"), "first").set("axis", 3));
    graph.append(new OnnxNode("Loop", List.of("times", "", "first"), ReleaseFile.CLASSES));
    graph.setOutputs(List.of(value(ReleaseFile.CLASSES, OnnxType.UINT8, "N", "h", "w")));
    ReleaseMetadata.put(
        model, "endless", "1", Palette.numbered(200), new InputSize.Free(1, 1_000_000));
    return ReleaseFile.of(withLoopBody(model.toBytes()), "endless");
  }

  /// Graphs within graphs are nothing that Maskstream writes, so the body goes in as protobuf.
  private static byte[] withLoopBody(byte[] bytes) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
      GraphProto body =
          GraphProto.newBuilder()
              .setName("body")
              .addInput(typed("i", OnnxType.INT64))
              .addInput(typed("go_in", OnnxType.BOOL))
              .addInput(typed("map_in", OnnxType.UINT8))
              .addNode(
                  NodeProto.newBuilder().setOpType("Identity").addInput("go_in").addOutput("go"))
              .addNode(
                  NodeProto.newBuilder().setOpType("Identity").addInput("map_in").addOutput("map"))
              .addOutput(typed("go", OnnxType.BOOL))
              .addOutput(typed("map", OnnxType.UINT8))
              .build();
      model
          .getGraphBuilder()
          .getNodeBuilderList()
          .getLast()
          .addAttribute(
              AttributeProto.newBuilder()
                  .setName("body")
                  .setType(AttributeProto.AttributeType.GRAPH)
                  .setG(body));
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ValueInfoProto typed(String name, OnnxType type) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.number());
    if (type != OnnxType.UINT8) {
      tensor.setShape(TensorShapeProto.getDefaultInstance());
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /// A release with golden frames.
  public static ReleaseFile packaged(String version) {
    OnnxModel model = scores(17, floats("image", "n", 3, "height", "width"), 5, false);
    upscore(model, "score", "logits");
    model.graph().setOutputs(List.of(floats("logits", "n", 5, "h", "w")));
    return new Packager(new OrtGraphRunner())
        .pack(
            model.toBytes(),
            "stand-in.onnx",
            PackagingOptions.of("stand-in", version).with(Normalisation.of(0, 255)))
        .release();
  }

  /// The same with other weights, of which its golden frames know nothing.
  public static byte[] changed(String version) {
    OnnxModel model = OnnxModel.read(packaged(version).graph(), "packaged");
    OnnxTensor weights = model.graph().constant("w").orElseThrow();
    float[] values = weights.floats();
    for (int i = 0; i < values.length; i++) {
      values[i] = -values[i];
    }
    model.graph().add(OnnxTensor.ofFloats("w", weights.shape(), values));
    return model.toBytes();
  }
}
