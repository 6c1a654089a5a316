package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.List;
import java.util.Optional;

/// Multiplies batch norms into the convolutions before them, for a release: at inference a batch
/// norm is a factor and a summand for each channel, which weights and bias can take over.
public final class BatchNormFolding {

  private static final float EPSILON = 1e-5f;

  private BatchNormFolding() {}

  /// Folds what can be folded: a batch norm that alone reads what a convolution gives.
  ///
  /// @return how many batch norms are left
  public static int apply(OnnxGraph graph) {
    int left = 0;
    for (OnnxNode norm : List.copyOf(graph.nodes())) {
      if (!norm.operator().equals("BatchNormalization")) {
        continue;
      }
      Optional<OnnxNode> convolution = graph.producer(norm.input(0));
      if (convolution.isPresent() && fits(graph, convolution.get(), norm)) {
        fold(graph, convolution.get(), norm);
      } else {
        left++;
      }
    }
    graph.removeUnused();
    return left;
  }

  private static boolean fits(OnnxGraph graph, OnnxNode convolution, OnnxNode norm) {
    boolean folds =
        convolution.operator().equals("Conv") || convolution.operator().equals("ConvTranspose");
    boolean alone =
        graph.consumers(convolution.output()).size() == 1
            && graph.outputs().stream()
                .noneMatch(output -> output.name().equals(convolution.output()));
    boolean known = graph.constant(convolution.input(1)).isPresent();
    if (convolution.hasInput(2)) {
      known &= graph.constant(convolution.input(2)).isPresent();
    }
    for (int i = 1; i <= 4; i++) {
      known &= graph.constant(norm.input(i)).isPresent();
    }
    return folds && alone && known;
  }

  private static void fold(OnnxGraph graph, OnnxNode convolution, OnnxNode norm) {
    float[] scale = floats(graph, norm, 1);
    float[] shift = floats(graph, norm, 2);
    float[] mean = floats(graph, norm, 3);
    float[] variance = floats(graph, norm, 4);
    float epsilon = norm.number("epsilon", EPSILON);
    int channels = scale.length;
    float[] bias = convolution.hasInput(2) ? floats(graph, convolution, 2) : new float[channels];
    double[] factors = new double[channels];
    for (int c = 0; c < channels; c++) {
      factors[c] = scale[c] / Math.sqrt((double) variance[c] + epsilon);
      bias[c] = (float) ((bias[c] - mean[c]) * factors[c] + shift[c]);
    }
    OnnxTensor weights = graph.constant(convolution.input(1)).orElseThrow();
    String folded =
        graph.add(
            OnnxTensor.ofFloats(
                graph.freshName(weights.name() + "_folded"),
                weights.shape(),
                multiplied(convolution, weights, factors)));
    String shifted =
        graph.add(
            OnnxTensor.ofFloats(
                graph.freshName(convolution.output() + "_bias"), new long[] {channels}, bias));
    convolution.setInputs(List.of(convolution.input(0), folded, shifted));
    graph.remove(norm);
    convolution.setOutputs(List.of(norm.output()));
  }

  private static float[] floats(OnnxGraph graph, OnnxNode node, int input) {
    return graph.constant(node.input(input)).orElseThrow().floats();
  }

  /// The channel that a weight makes: the first axis of a convolution's weights; of a transposed
  /// one's, the second, in groups that the first counts through.
  private static float[] multiplied(OnnxNode convolution, OnnxTensor weights, double[] factors) {
    float[] values = weights.floats();
    long[] shape = weights.shape();
    int kernel = (int) (values.length / shape[0] / shape[1]);
    boolean transposed = convolution.operator().equals("ConvTranspose");
    int perGroup = (int) (shape[0] / convolution.integer("group", 1));
    for (int i = 0; i < values.length; i++) {
      int first = (int) (i / kernel / shape[1]);
      int second = (int) (i / kernel % shape[1]);
      int channel = transposed ? (int) (first / perGroup * shape[1] + second) : first;
      values[i] = (float) (values[i] * factors[channel]);
    }
    return values;
  }
}
