package io.maskstream.gate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.NodeProto;
import io.maskstream.onnx.proto.SparseTensorProto;
import io.maskstream.onnx.proto.StringStringEntryProto;
import io.maskstream.onnx.proto.TensorProto;
import io.maskstream.onnx.proto.TypeProto;
import io.maskstream.onnx.proto.ValueInfoProto;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Candidates as bytes: a small honest release of four classes, and what can be wrong with one.
public final class Candidates {

  public static final int CLASSES = 4;

  private Candidates() {}

  /// Takes any size and batch.
  public static byte[] good() {
    return named("tiny", "1").toBytes();
  }

  public static OnnxModel named(String name, String version) {
    return net(name, version, "N", "H", "W", 1, 1);
  }

  /// One convolution of 1x1 from the colours to the scores, after as many of 3x3 as wanted.
  static OnnxModel net(
      String name, String version, Object n, Object h, Object w, int layers, int width) {
    OnnxModel model = OnnxModel.create(name, 17);
    OnnxGraph graph = model.graph();
    graph.setInputs(value("frames", OnnxType.UINT8, n, h, w, 3));
    graph.append(
        new OnnxNode("Transpose", List.of("frames"), "planes")
            .set("perm", new long[] {0, 3, 1, 2}));
    graph.append(
        new OnnxNode("Cast", List.of("planes"), "floats").set("to", OnnxType.FLOAT.number()));
    String last = "floats";
    int channels = 3;
    for (int i = 1; i < layers; i++) {
      graph.add(weights("k" + i, width, channels, 3));
      last =
          graph.append(
              new OnnxNode("Conv", List.of(last, "k" + i), "layer" + i)
                  .set("kernel_shape", new long[] {3, 3})
                  .set("pads", new long[] {1, 1, 1, 1}));
      channels = width;
    }
    graph.add(weights("score_w", CLASSES, channels, 1));
    graph.append(
        new OnnxNode("Conv", List.of(last, "score_w"), "scores")
            .set("kernel_shape", new long[] {1, 1}));
    ends(graph, "scores", n, h, w);
    metadata(model, name, version, CLASSES);
    return model;
  }

  private static OnnxTensor weights(String name, int to, int from, int kernel) {
    Random random = new Random(name.hashCode());
    float[] values = new float[to * from * kernel * kernel];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / (from * kernel * kernel);
    }
    return OnnxTensor.ofFloats(name, new long[] {to, from, kernel, kernel}, values);
  }

  private static void ends(OnnxGraph graph, String scores, Object n, Object h, Object w) {
    graph.append(new OnnxNode("ArgMax", List.of(scores), "ids").set("axis", 1).set("keepdims", 0));
    graph.append(
        new OnnxNode("Cast", List.of("ids"), "classes").set("to", OnnxType.UINT8.number()));
    graph.setOutputs(List.of(value("classes", OnnxType.UINT8, n, h, w)));
  }

  static void metadata(OnnxModel model, String name, String version, int classes) {
    model.metadata().put("maskstream.name", name);
    model.metadata().put("maskstream.version", version);
    ReleaseMetadata.putClasses(model, Palette.numbered(classes));
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

  /// The honest release with nodes between its scores and its argmax.
  static byte[] between(Consumer<OnnxGraph> more, Object... sizes) {
    Object h = sizes.length > 0 ? sizes[0] : "H";
    Object w = sizes.length > 0 ? sizes[1] : "W";
    OnnxModel model = net("tiny", "1", "N", h, w, 1, 1);
    OnnxGraph graph = model.graph();
    graph.remove(graph.producer("classes").orElseThrow());
    graph.remove(graph.producer("ids").orElseThrow());
    more.accept(graph);
    ends(graph, "changed", "N", "h", "w");
    return model.toBytes();
  }

  /// The honest release, its message changed.
  static byte[] changed(Consumer<ModelProto.Builder> change) {
    try {
      ModelProto.Builder model = ModelProto.parseFrom(good()).toBuilder();
      change.accept(model);
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static TensorProto external(String location) {
    return TensorProto.newBuilder()
        .setName("score_w")
        .setDataType(1)
        .addDims(CLASSES)
        .addDims(3)
        .addDims(1)
        .addDims(1)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }

  static byte[] externalWeights(String location) {
    return changed(model -> model.getGraphBuilder().setInitializer(0, external(location)));
  }

  static byte[] sparseExternal() {
    return changed(model ->
        model
            .getGraphBuilder()
            .addSparseInitializer(
                SparseTensorProto.newBuilder().setValues(external("/etc/passwd")).addDims(4)));
  }

  /// Adds to the scores a value of zeros, as large as it says.
  static byte[] constantOfShape(long side) {
    return between(graph -> {
      graph.add(OnnxTensor.ofVector("bomb_shape", side, side));
      graph.append(new OnnxNode("ConstantOfShape", List.of("bomb_shape"), "bomb"));
      added(graph, "bomb");
    });
  }

  private static void added(OnnxGraph graph, String bomb) {
    graph.append(new OnnxNode("ReduceMax", List.of(bomb), "most").set("keepdims", 0));
    graph.append(new OnnxNode("Add", List.of("scores", "most"), "changed"));
  }

  /// The same, of a size that depends on the brightest byte of the frame.
  static byte[] hiddenConstantOfShape() {
    return between(graph -> {
      graph.append(
          new OnnxNode("Cast", List.of("frames"), "numbers").set("to", OnnxType.INT64.number()));
      graph.append(new OnnxNode("ReduceMax", List.of("numbers"), "brightest").set("keepdims", 0));
      graph.add(OnnxTensor.ofVector("factor", 90, 90));
      graph.append(new OnnxNode("Mul", List.of("factor", "brightest"), "bomb_shape"));
      graph.append(new OnnxNode("ConstantOfShape", List.of("bomb_shape"), "bomb"));
      added(graph, "bomb");
    });
  }

  /// Runs a body 2^62 times.
  static byte[] loop() {
    byte[] bytes =
        between(graph -> {
          graph.add(OnnxTensor.ofLongs("trips", new long[0], 1L << 62));
          graph.append(new OnnxNode("Loop", List.of("trips", "", "scores"), "changed"));
        });
    try {
      ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
      GraphProto body =
          GraphProto.newBuilder()
              .setName("body")
              .addInput(typed("i", 7))
              .addInput(typed("go_in", 9))
              .addInput(typed("x_in", 1))
              .addNode(identity("go_in", "go"))
              .addNode(identity("x_in", "x"))
              .addOutput(typed("go", 9))
              .addOutput(typed("x", 1))
              .build();
      for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
        if (node.getOpType().equals("Loop")) {
          node.addAttribute(
              AttributeProto.newBuilder()
                  .setName("body")
                  .setType(AttributeProto.AttributeType.GRAPH)
                  .setG(body));
        }
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NodeProto identity(String from, String to) {
    return NodeProto.newBuilder().setOpType("Identity").addInput(from).addOutput(to).build();
  }

  private static ValueInfoProto typed(String name, int type) {
    TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type);
    if (type != 1) {
      tensor.getShapeBuilder();
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  static byte[] domain(String domain) {
    return changed(model -> model.getGraphBuilder().getNodeBuilder(2).setDomain(domain));
  }

  static byte[] twoInputs() {
    return changed(model ->
        model
            .getGraphBuilder()
            .addInput(model.getGraph().getInput(0).toBuilder().setName("more").build()));
  }

  static byte[] wrongRank() {
    OnnxModel model = named("tiny", "1");
    model.graph().setInputs(value("frames", OnnxType.UINT8, "H", "W", 3));
    return model.toBytes();
  }

  static byte[] wrongClassCount() {
    OnnxModel model = named("tiny", "1");
    metadata(model, "tiny", "1", CLASSES + 3);
    return model.toBytes();
  }

  /// Gives the red byte as class, and names four.
  static byte[] classesBeyondTheNames() {
    OnnxModel model = OnnxModel.create("red", 17);
    model.graph().setInputs(value("frames", OnnxType.UINT8, "N", "H", "W", 3));
    model.graph().add(OnnxTensor.ofLongs("red", new long[0], 0));
    model
        .graph()
        .append(new OnnxNode("Gather", List.of("frames", "red"), "classes").set("axis", 3));
    model.graph().setOutputs(List.of(value("classes", OnnxType.UINT8, "N", "h", "w")));
    metadata(model, "red", "1", CLASSES);
    return model.toBytes();
  }

  static byte[] halfTheSize(Object... sizes) {
    return between(
        graph -> {
          graph.add(OnnxTensor.ofFloats("half", new long[] {4}, 1, 1, 0.5f, 0.5f));
          graph.append(
              new OnnxNode("Resize", List.of("scores", "", "half"), "changed")
                  .set("mode", "nearest"));
        },
        sizes);
  }

  /// Cuts off as many rows as the brightest byte says.
  static byte[] sizeByContent() {
    return between(graph -> {
      graph.append(
          new OnnxNode("Cast", List.of("frames"), "numbers").set("to", OnnxType.INT64.number()));
      graph.append(new OnnxNode("ReduceMax", List.of("numbers"), "b").set("keepdims", 0));
      graph.add(OnnxTensor.ofVector("zero", 0));
      graph.add(OnnxTensor.ofVector("two", 2));
      graph.add(OnnxTensor.ofVector("sixteen", 16));
      graph.append(new OnnxNode("Unsqueeze", List.of("b", "zero"), "bs"));
      graph.append(new OnnxNode("Div", List.of("bs", "sixteen"), "rows"));
      graph.append(new OnnxNode("Slice", List.of("scores", "zero", "rows", "two"), "changed"));
    });
  }

  static byte[] notANumberWeight() {
    OnnxModel model = named("tiny", "1");
    float[] values = new float[3 * CLASSES];
    values[5] = Float.NaN;
    model.graph().add(OnnxTensor.ofFloats("score_w", new long[] {CLASSES, 3, 1, 1}, values));
    return model.toBytes();
  }

  /// 0 / 0 in every score.
  static byte[] computedNotANumber() {
    return between(graph -> {
      graph.append(new OnnxNode("Sub", List.of("scores", "scores"), "nothing"));
      graph.append(new OnnxNode("Div", List.of("nothing", "nothing"), "changed"));
    });
  }

  /// NaN in every score of one frame in so many, which the proof's pictures are not among.
  public static byte[] notANumberOnce(int in) {
    return between(graph -> {
      graph.add(OnnxTensor.ofFloats("nothing", new long[0], 0));
      graph.append(new OnnxNode("Div", List.of("nothing", "nothing"), "nan"));
      graph.append(new OnnxNode("Where", List.of(chosen(graph, in), "nan", "nothing"), "now"));
      graph.append(new OnnxNode("Add", List.of("scores", "now"), "changed"));
    });
  }

  /// Fails on one micro-batch in so many, and never on a single frame.
  public static byte[] failsInBatches(int in) {
    return between(graph -> {
      graph.add(OnnxTensor.ofVector("first", 0));
      graph.add(OnnxTensor.ofVector("one", 1));
      graph.add(OnnxTensor.ofFloats("table", new long[] {1}, 0));
      graph.append(new OnnxNode("Shape", List.of("frames"), "shape"));
      graph.append(new OnnxNode("Gather", List.of("shape", "first"), "count"));
      graph.append(new OnnxNode("Greater", List.of("count", "one"), "several"));
      graph.append(
          new OnnxNode("Cast", List.of(chosen(graph, in)), "flags")
              .set("to", OnnxType.INT64.number()));
      graph.append(new OnnxNode("ReduceMax", List.of("flags"), "any").set("keepdims", 0));
      graph.append(
          new OnnxNode("Cast", List.of("several"), "batch").set("to", OnnxType.INT64.number()));
      // Beyond the table of one entry.
      graph.append(new OnnxNode("Mul", List.of("any", "batch"), "index"));
      graph.append(new OnnxNode("Gather", List.of("table", "index"), "looked_up"));
      graph.append(new OnnxNode("Add", List.of("scores", "looked_up"), "changed"));
    });
  }

  /// Class 0, whatever it sees.
  public static byte[] oneClass() {
    return between(graph -> {
      graph.add(OnnxTensor.ofFloats("preference", new long[] {1, CLASSES, 1, 1}, 1e9f, 0, 0, 0));
      graph.append(new OnnxNode("Add", List.of("scores", "preference"), "changed"));
    });
  }

  /// By the sum of a frame's bytes.
  private static String chosen(OnnxGraph graph, int in) {
    graph.add(OnnxTensor.ofVector("sides", 1, 2, 3));
    graph.add(OnnxTensor.ofLongs("in", new long[0], in));
    graph.add(OnnxTensor.ofLongs("none", new long[0], 0));
    graph.append(
        new OnnxNode("Cast", List.of("frames"), "whole").set("to", OnnxType.INT64.number()));
    graph.append(new OnnxNode("ReduceSum", List.of("whole", "sides"), "sum"));
    graph.append(new OnnxNode("Mod", List.of("sum", "in"), "rest"));
    return graph.append(new OnnxNode("Equal", List.of("rest", "none"), "chosen"));
  }

  static byte[] opset(long version) {
    return changed(model -> model.getOpsetImportBuilder(0).setVersion(version));
  }

  static byte[] irVersion(long version) {
    return changed(model -> model.setIrVersion(version));
  }

  /// Some hundred times the work of the honest one.
  public static byte[] slow() {
    return net("slow", "1", "N", "H", "W", 14, 24).toBytes();
  }

  /// Claims an initializer of 2 GiB and has twelve bytes of it.
  static byte[] hugeInitializer() {
    return changed(model ->
        model
            .getGraphBuilder()
            .setInitializer(
                0,
                model.getGraph().getInitializer(0).toBuilder()
                    .clearDims()
                    .addDims(1 << 20)
                    .addDims(512)));
  }
}
