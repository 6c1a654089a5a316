package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Lets a trained network of colours see depth or HHA too, in its first convolution: each new plane
/// begins with the mean of the weights of the three colours, as nyud-fcn32s-color-d does.
public final class EarlyFusion {

  private EarlyFusion() {}

  /// A trainable graph whose picture has more planes. The given one is left as it was.
  ///
  /// @param network trainable, of three colours
  public static OnnxModel of(OnnxModel network, Modality modality) {
    OnnxModel model = network.copy();
    OnnxGraph graph = model.graph();
    Wiring wiring = new Wiring(graph);
    OnnxNode first =
        graph.nodes().stream()
            .filter(node -> node.operator().equals("Conv"))
            .findFirst()
            .orElseThrow(() -> new GraphException("no convolution reads the picture; take an FCN"));
    String others = modality.normalised(wiring, modality.split(graph, wiring));
    String all = wiring.node("Concat", "planes", first.input(0), others).set("axis", 1).output();
    OnnxTensor weight = graph.constant(first.input(1)).orElseThrow();
    List<String> inputs = new ArrayList<>(first.inputs());
    inputs.set(0, all);
    inputs.set(1, graph.add(widened(weight, modality.planes())));
    first.setInputs(inputs);
    graph.forgetShapes();
    graph.sort();
    graph.removeUnused();
    graph.check();
    return model;
  }

  private static OnnxTensor widened(OnnxTensor weight, int planes) {
    long[] shape = weight.shape();
    int taps = (int) (shape[2] * shape[3]);
    int old = (int) shape[1] * taps;
    int wide = old + planes * taps;
    float[] from = weight.floats();
    float[] to = new float[(int) shape[0] * wide];
    for (int i = 0; i < to.length; i++) {
      int filter = i / wide * old;
      int at = i % wide;
      int tap = filter + at % taps;
      to[i] =
          at < old ? from[filter + at] : (from[tap] + from[tap + taps] + from[tap + 2 * taps]) / 3;
    }
    long[] wider = Arrays.copyOf(shape, 4);
    wider[1] += planes;
    return OnnxTensor.ofFloats(weight.name(), wider, to);
  }
}
