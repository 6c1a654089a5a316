package io.maskstream.trainer.solver;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.score.ScoreReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Judges a net on every picture of a set.
public final class Evaluator {

  /// Whatever gives every pixel of a picture a class.
  @FunctionalInterface
  public interface Predictor {

    /// The class of every pixel, row-major, by output: always [TorchGraph#LOGITS], and of the
    /// picture's further labels those that the net tells.
    Map<String, byte[]> classes(LabelledPicture picture);
  }

  /// One picture that was judged.
  ///
  /// @param index in its set
  /// @param predicted class of every pixel, by the set's own classes
  /// @param matrix of this picture alone
  @SuppressWarnings("ArrayRecordComponent") // seen once, kept by nobody
  public record Judged(
      int index, LabelledPicture truth, byte[] predicted, ConfusionMatrix matrix) {}

  /// Sees every picture judged.
  @FunctionalInterface
  public interface Audience {

    void see(Judged picture);
  }

  private final LabelledSet set;
  private final Evaluation evaluation;
  private final Set<Integer> uncounted;

  /// Shows pictures whole and at their own size.
  public Evaluator(LabelledSet set) {
    this(set, Evaluation.WHOLE);
  }

  /// @throws IllegalArgumentException if a class to be left out of means is not in the set
  public Evaluator(LabelledSet set, Evaluation evaluation) {
    this.set = set;
    this.evaluation = evaluation;
    uncounted = new HashSet<>(set.uncounted());
    for (String name : evaluation.excluded()) {
      int id = set.classes().names().indexOf(name);
      if (id < 0) {
        throw new IllegalArgumentException(
            "no class \"%s\" to leave out of means; there are %s".formatted(name, set.classes()));
      }
      uncounted.add(id);
    }
    if (uncounted.size() == set.classes().size()) {
      throw new IllegalArgumentException(
          "all classes are left out of means, so there would be none: " + set.classes());
    }
  }

  /// Compares every picture of the set with its labels.
  public Judgement judge(TorchGraph graph) {
    return judge(new TorchPredictor(graph, evaluation), _ -> {});
  }

  /// Compares every picture of the set with its labels.
  public Judgement judge(Predictor predictor, Audience audience) {
    ConfusionMatrix all = new ConfusionMatrix(set.classes().size());
    Map<String, ConfusionMatrix> further = new HashMap<>();
    for (int i = 0; i < set.size(); i++) {
      LabelledPicture truth = set.read(i);
      Map<String, byte[]> classes = predictor.classes(truth);
      byte[] predicted = predicted(classes, truth);
      ConfusionMatrix one = new ConfusionMatrix(set.classes().size());
      one.add(truth.labels().classes(), predicted);
      all.add(one);
      set.further()
          .forEach((output, list) -> {
            ClassPicture labels = truth.further().get(output);
            byte[] told = classes.get(output);
            if (labels != null && told != null) {
              further
                  .computeIfAbsent(output, _ -> new ConfusionMatrix(list.size()))
                  .add(labels.classes(), told);
            }
          });
      audience.see(new Judged(i, truth, predicted, one));
    }
    return judgement(all, further);
  }

  /// The set's own classes out of what a net gave.
  public static byte[] predicted(Map<String, byte[]> classes, LabelledPicture truth) {
    byte[] predicted = classes.get(TorchGraph.LOGITS);
    if (predicted == null) {
      throw new IllegalStateException(
          "net gave " + classes.keySet() + " of " + truth.name() + ", not " + TorchGraph.LOGITS);
    }
    return predicted;
  }

  /// The logits of a picture at its own size, class-major and row-major.
  public static float[] scores(TorchGraph graph, RgbPicture picture) {
    return TorchPredictor.logits(graph, picture);
  }

  private Judgement judgement(ConfusionMatrix all, Map<String, ConfusionMatrix> further) {
    Map<String, ScoreReport> reports = new LinkedHashMap<>();
    set.further()
        .forEach((output, list) -> {
          ConfusionMatrix matrix = further.get(output);
          if (matrix != null) {
            reports.put(output, report(list, matrix, Set.of()));
          }
        });
    return new Judgement(report(set.classes(), all, uncounted), reports);
  }

  private ScoreReport report(Palette classes, ConfusionMatrix matrix, Set<Integer> without) {
    return new ScoreReport(classes, set.size(), matrix)
        .without(without)
        .shown(evaluation.equals(Evaluation.WHOLE) ? "" : evaluation.toString());
  }
}
