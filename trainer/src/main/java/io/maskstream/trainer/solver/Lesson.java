package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.JointStatistics;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Batch;
import io.maskstream.trainer.data.Batches;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Forward and backward pass of the batches of one step. Owns the loss, neither graph nor batches.
final class Lesson implements AutoCloseable {

  private final TorchGraph graph;
  private final Batches batches;
  private final Recipe recipe;
  private final PixelLoss loss;
  private final Set<String> outputs;

  private double losses;
  private int learnt;
  private int pictures;

  Lesson(TorchGraph graph, Batches batches, Recipe recipe) {
    this.graph = graph;
    this.batches = batches;
    this.recipe = recipe;
    loss = new PixelLoss(recipe.loss(), TorchGraph.LOGITS, graph.placement().device());
    outputs = new LinkedHashSet<>(graph.outputs());
    if (recipe.loss().auxiliaryWeight() == 0) {
      outputs.removeIf(
          name -> !name.equals(TorchGraph.LOGITS) && !batches.further().contains(name));
    }
  }

  /// A batch as tensors of the scope they were made in.
  private record Fed(Map<String, Tensor> inputs, BatchLabels labels, int size) {}

  /// Adds the gradients of a step's batches to the parameters.
  ///
  /// @param scale by which the loss is multiplied
  StepGradient gradient(double scale) {
    losses = 0;
    learnt = 0;
    pictures = 0;
    if (recipe.jointStatistics()) {
      together(scale);
    } else {
      oneByOne(scale);
    }
    return new StepGradient(learnt == 0 ? Double.NaN : losses / learnt, pictures);
  }

  private void oneByOne(double scale) {
    for (int i = 0; i < recipe.accumulation() && Double.isFinite(losses); i++) {
      try (PointerScope scope = new PointerScope()) {
        learn(feed(), inputs -> graph.forward(inputs, recipe.mode(), outputs), scale);
      }
    }
  }

  private void together(double scale) {
    try (PointerScope scope = new PointerScope()) {
      List<Fed> all = new ArrayList<>();
      for (int i = 0; i < recipe.accumulation(); i++) {
        all.add(feed());
      }
      JointStatistics joint;
      try (Precision.Scope precision = recipe.precision().open(graph.placement().device())) {
        joint = graph.statistics(all.stream().map(Fed::inputs).toList(), outputs);
      }
      for (Fed fed : all) {
        if (Double.isFinite(losses)) {
          try (PointerScope one = new PointerScope()) {
            learn(fed, inputs -> graph.forward(inputs, joint, outputs), scale);
          }
        }
      }
    }
  }

  private Fed feed() {
    Batch batch = batches.next();
    return new Fed(
        Map.of(TorchGraph.IMAGE, Images.tensor(batch, graph.placement())),
        loss.drawn(Images.labels(batch, graph.placement())),
        batch.size());
  }

  /// A batch without a labelled pixel teaches nothing.
  private void learn(Fed fed, UnaryOperator<Map<String, Tensor>> forward, double scale) {
    if (PixelLoss.labelled(fed.labels().classes()) == 0) {
      return;
    }
    Map<String, Tensor> scores;
    try (Precision.Scope precision = recipe.precision().open(graph.placement().device())) {
      scores = forward.apply(fed.inputs());
    }
    Tensor value = loss.of(scores, fed.labels());
    double read = value.item_double();
    losses += read;
    learnt++;
    pictures += fed.size();
    if (Double.isFinite(read)) {
      value.mul(new Scalar(scale / recipe.accumulation())).backward();
    }
  }

  @Override
  public void close() {
    loss.close();
  }
}
