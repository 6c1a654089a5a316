package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Trainable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The picture's way into a network.
///
/// @param planes the value that the network reads, N x 3 x H x W
/// @param height of the network's own pictures
/// @param width of the network's own pictures
/// @param sized whether the file fixes height and width
record Front(String planes, long height, long width, boolean sized) {

  private static final long[] TO_PLANES = {0, 3, 1, 2};

  /// Finds the picture. One that has its colours last, only to be turned at once, is taken as
  /// planes from now on.
  ///
  /// @param height of the network's pictures where the file leaves it open
  /// @param width of the network's pictures where the file leaves it open
  static Front of(OnnxModel model, long height, long width) {
    OnnxGraph graph = model.graph();
    List<OnnxValue> inputs = graph.inputs();
    if (inputs.size() != 1 || inputs.getFirst().shape().size() != 4) {
      throw new GraphException(
          "the graph takes "
              + inputs
              + ", not one batch of pictures; take a network over pictures");
    }
    OnnxValue input = inputs.getFirst();
    if (input.type() != OnnxType.FLOAT) {
      throw new GraphException(
          "the graph takes "
              + input
              + ", not float32; a release takes bytes, start from the trainable graph instead");
    }
    List<OnnxDimension> shape = input.shape();
    boolean last = shape.get(3).size() == 3 && shape.get(1).size() != 3;
    if (!last && shape.get(1).size() != 3 && shape.get(1).isFixed()) {
      throw new GraphException("the graph takes " + input + ", not pictures of 3 colours");
    }
    String planes = last ? turned(graph, input.name()) : input.name();
    OnnxDimension h = shape.get(last ? 1 : 2);
    OnnxDimension w = shape.get(last ? 2 : 3);
    return new Front(
        planes,
        h.isFixed() ? h.size() : height,
        w.isFixed() ? w.size() : width,
        h.isFixed() && w.isFixed());
  }

  private static String turned(OnnxGraph graph, String input) {
    for (OnnxNode reader : graph.consumers(input)) {
      boolean turns =
          reader.operator().equals("Transpose")
              && Arrays.equals(reader.integers("perm").orElse(new long[0]), TO_PLANES);
      if (!turns) {
        throw new GraphException(
            "node " + reader + " reads pictures with their colours last; export the model NCHW");
      }
      graph.remove(reader);
      graph.redirect(reader.output(), input);
    }
    return input;
  }

  /// The shape of the network's own picture.
  long[] shape() {
    return new long[] {1, 3, height, width};
  }

  /// What the file says of its normalisation, where the caller does not.
  static Normalisation normalisation(OnnxModel model, Optional<Normalisation> given) {
    String said = model.metadata().getOrDefault("preprocess", "");
    if (given.isEmpty() && !said.contains("x/127.5-1")) {
      throw new GraphException(
          "the file does not say how bytes become the numbers the network wants; give mean and "
              + "std, such as 127.5 and 127.5, or the means of ImageNet");
    }
    return given.orElseGet(() -> Normalisation.of(127.5f, 127.5f));
  }

  /// Puts the new input in front of everything that read the old one.
  ///
  /// @param fitting from the normalised picture to what the network is to read
  void feed(OnnxModel model, Normalisation norm, Channels channels, UnaryOperator<String> fitting) {
    OnnxGraph graph = model.graph();
    Wiring wiring = new Wiring(graph);
    List<OnnxNode> readers = graph.consumers(planes);
    String value = Trainable.IMAGE;
    if (channels == Channels.BGR) {
      String order = wiring.vector("bgr", 2, 1, 0);
      value = wiring.node("Gather", "picture_bgr", value, order).set("axis", 1).output();
    }
    if (norm.mean().stream().anyMatch(mean -> mean != 0)) {
      String mean = perChannel(wiring, "picture_mean", norm.mean());
      value = wiring.value("Sub", "picture_centred", value, mean);
    }
    if (norm.std().stream().anyMatch(std -> std != 1)) {
      String std = perChannel(wiring, "picture_std", norm.std());
      value = wiring.value("Div", "picture_scaled", value, std);
    }
    String read = fitting.apply(value);
    for (OnnxNode reader : readers) {
      reader.setInputs(
          reader.inputs().stream().map(input -> input.equals(planes) ? read : input).toList());
    }
    graph.setInputs(
        new OnnxValue(
                Trainable.IMAGE,
                OnnxType.FLOAT,
                List.of(
                    OnnxDimension.free("N"),
                    OnnxDimension.fixed(3),
                    OnnxDimension.free("H"),
                    OnnxDimension.free("W")))
            .withDenotation("IMAGE"));
    model.metadata().put("maskstream.preprocessing", channels + " NCHW " + norm);
  }

  private static String perChannel(Wiring wiring, String name, List<Float> values) {
    float[] written = new float[3];
    for (int i = 0; i < 3; i++) {
      written[i] = values.get(i);
    }
    return wiring.floats(name, new long[] {1, 3, 1, 1}, written);
  }

  /// Frees the names of the seam.
  static void freeNames(OnnxGraph graph) {
    for (String name : List.of(Trainable.IMAGE, Trainable.LOGITS)) {
      graph.rename(name, graph.freshName("original_" + name));
    }
  }
}
