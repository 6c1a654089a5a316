package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.graph.Trainable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at a run before it starts and says in words when it cannot work.
public final class Preflight {

  /// Smaller layers have too few weights to tell chance from training.
  private static final int ENOUGH = 1000;

  private static final double MOST = 0.8;
  private static final double NORMAL = 3;
  private static final double UNIFORM = 1.8;

  private Preflight() {}

  /// @param random whether the trunk is meant to be random
  /// @return what a person should know
  /// @throws SolverException if the run cannot teach anything
  public static List<String> check(
      OnnxModel model, LabelledSet train, LabelledSet judged, boolean random) {
    List<String> findings = new ArrayList<>();
    trunk(model, random).ifPresent(findings::add);
    leak(train, judged).ifPresent(findings::add);
    return findings;
  }

  /// New score layers are zero on purpose and say nothing; where most others hold one value each,
  /// all channels are the same and stay so.
  private static Optional<String> trunk(OnnxModel model, boolean meant) {
    int layers = 0;
    int filler = 0;
    int drawn = 0;
    String example = "";
    for (OnnxNode node : model.graph().nodes()) {
      Optional<OnnxTensor> weight =
          node.operator().equals("Conv") ? model.graph().constant(node.input(1)) : Optional.empty();
      boolean isNew = weight.isPresent() && weight.get().name().startsWith(Trainable.SCORE);
      if (isNew || weight.isEmpty() || weight.get().size() < ENOUGH) {
        continue;
      }
      float[] values = weight.get().floats();
      double kurtosis = kurtosis(values);
      if (Double.isNaN(kurtosis)) {
        filler++;
        example = weight.get() + " holds " + values[0] + " only";
      }
      double chance = 5 * Math.sqrt(24.0 / values.length);
      drawn +=
          Math.abs(kurtosis - NORMAL) < chance || Math.abs(kurtosis - UNIFORM) < chance ? 1 : 0;
      layers++;
    }
    if (2 * filler > layers) {
      throw new SolverException(
          "the graph holds filler instead of trained weights ("
              + example
              + "; "
              + filler
              + " of "
              + layers
              + " layers hold one value each), so every channel would learn the same; get the file with its "
              + "weights, or give --random-init");
    }
    if (!meant && layers > 2 && drawn >= MOST * layers) {
      return Optional.of(
          drawn
              + " of "
              + layers
              + " layers look drawn at random, not trained: expect a long run and a poor net; begin "
              + "with a trained graph, or say --random-init if this is meant");
    }
    return Optional.empty();
  }

  /// Fourth moment over the square of the second: 3 of normal numbers, 1.8 of uniform ones, more of
  /// trained weights; not a number if all are the same.
  static double kurtosis(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += value;
    }
    mean /= values.length;
    double second = 0;
    double fourth = 0;
    for (float value : values) {
      double square = (value - mean) * (value - mean);
      second += square;
      fourth += square * square;
    }
    double tiny = 1e-12 * mean * mean * values.length;
    return second <= tiny ? Double.NaN : fourth * values.length / (second * second);
  }

  private static Optional<String> leak(LabelledSet train, LabelledSet judged) {
    Set<String> learnt = new HashSet<>();
    for (int i = 0; i < train.size(); i++) {
      learnt.add(train.name(i));
    }
    int both = 0;
    for (int i = 0; i < judged.size(); i++) {
      both += learnt.contains(judged.name(i)) ? 1 : 0;
    }
    return both == 0
        ? Optional.empty()
        : Optional.of(
            both
                + " of "
                + judged.size()
                + " pictures that the net is judged on are also learnt from: its scores will say "
                + "nothing about new pictures; give another --val-split");
  }
}
