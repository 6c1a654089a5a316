package io.maskstream.trainer.autograd;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.GraphRunner;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// How far libtorch, which trains, and ONNX Runtime, which serves, differ on one output of a graph.
///
/// Random weights let one class win everywhere, which would prove little of classes. So a pixel has
/// the same class only if it also has where each class's scores are levelled: less their mean over
/// the picture, as ONNX Runtime gives it.
///
/// @param output its name
/// @param low least score that ONNX Runtime gives
/// @param high greatest score that it gives
/// @param difference greatest difference of two scores
/// @param pixels compared
/// @param same pixels whose greatest score is of the same class, and whose greatest levelled score
/// @param winners classes whose levelled score is some pixel's greatest
public record Parity(
    String output, double low, double high, double difference, int pixels, int same, int winners) {

  /// Greatest difference, as a share of the scores' range.
  public static final double TOLERANCE = 1e-4;

  /// Least share of pixels of the same class.
  public static final double SAME = 0.9999;

  /// Runs a graph in both.
  ///
  /// @param image 1 x planes x height x width, of one picture
  /// @return of each output
  public static List<Parity> of(OnnxModel model, float[] image, long... shape) {
    Map<String, GraphRunner.Tensor> served;
    try (Running running = new OrtGraphRunner().open(model.toBytes(), model.graph().name())) {
      served = running.run(TorchGraph.IMAGE, new Floats(shape, image));
    }
    List<Parity> found = new ArrayList<>();
    try (TorchGraph graph = TorchGraph.load(model, Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Map<String, Tensor> fed = Map.of(TorchGraph.IMAGE, HostArrays.of(image, shape));
      Map<String, Tensor> trained = graph.forward(fed, Mode.EVALUATION, graph.outputs());
      trained.forEach((output, scores) -> {
        if (!(served.get(output) instanceof Floats theirs)) {
          throw new TorchException("ONNX Runtime gives no float32 scores as " + output);
        }
        Floats ours = new Floats(scores.shape(), HostArrays.floats(scores));
        found.add(between(output, ours, theirs));
      });
    }
    return found;
  }

  /// @param trained 1 x classes x height x width, of libtorch
  /// @param served of ONNX Runtime
  static Parity between(String output, Floats trained, Floats served) {
    if (!Arrays.equals(trained.shape(), served.shape())) {
      throw new TorchException(
          output
              + " is "
              + Arrays.toString(trained.shape())
              + " in libtorch and "
              + Arrays.toString(served.shape())
              + " in ONNX Runtime");
    }
    float[] ours = trained.values();
    float[] theirs = served.values();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < ours.length; i++) {
      low = Math.min(low, theirs[i]);
      high = Math.max(high, theirs[i]);
      // Not a number differs from everything, itself included.
      double apart = Math.abs((double) ours[i] - theirs[i]);
      difference = apart <= difference ? difference : apart;
    }
    int plane = (int) (served.shape()[2] * served.shape()[3]);
    float[] means = means(theirs, plane);
    float[] none = new float[means.length];
    int same = 0;
    BitSet winners = new BitSet();
    for (int pixel = 0; pixel < plane; pixel++) {
      int winner = greatest(theirs, means, pixel, plane);
      winners.set(winner);
      boolean levelled = winner == greatest(ours, means, pixel, plane);
      boolean plain = greatest(theirs, none, pixel, plane) == greatest(ours, none, pixel, plane);
      same += levelled && plain ? 1 : 0;
    }
    return new Parity(output, low, high, difference, plane, same, winners.cardinality());
  }

  private static float[] means(float[] scores, int plane) {
    float[] means = new float[scores.length / plane];
    for (int k = 0; k < means.length; k++) {
      double sum = 0;
      for (int pixel = 0; pixel < plane; pixel++) {
        sum += scores[k * plane + pixel];
      }
      means[k] = (float) (sum / plane);
    }
    return means;
  }

  private static int greatest(float[] scores, float[] less, int pixel, int plane) {
    int greatest = 0;
    for (int k = 1; k < less.length; k++) {
      float score = scores[k * plane + pixel] - less[k];
      greatest = score > scores[greatest * plane + pixel] - less[greatest] ? k : greatest;
    }
    return greatest;
  }

  /// The difference as a share of the range; not a number where all scores are the same.
  public double relative() {
    return difference / (high - low);
  }

  public double share() {
    return same / (double) pixels;
  }

  /// Whether both say the same, and say something.
  public boolean holds() {
    return winners > 1 && relative() <= TOLERANCE && share() >= SAME;
  }
}
