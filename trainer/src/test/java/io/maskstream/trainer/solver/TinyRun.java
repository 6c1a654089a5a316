package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Augmentation;
import io.maskstream.trainer.data.Batches;
import io.maskstream.video.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch;

/// A run small enough for tests, in this JVM or as the main class of another.
final class TinyRun {

  static final int CROP = 24;

  private TinyRun() {}

  static Recipe recipe(long steps) {
    return new Recipe(
        steps,
        Optional.empty(),
        new OptimizerSettings.Sgd(0.1, 0.9, false, 5e-4),
        new ParameterGroups(
            2, 1, ParameterGroups.Decay.WEIGHTS, List.of(new ParameterGroups.Rule("^score", 2))),
        new Schedule(new Schedule.Poly(0.9, 0), 3),
        LossSettings.mean(),
        2,
        5,
        0.99,
        Precision.FP32,
        0,
        Mode.TRAINING,
        false,
        10,
        1,
        0,
        1337);
  }

  /// Runs to the end, or goes on where the folder's checkpoint was taken.
  static Solver.Outcome run(Path folder, Recipe recipe, List<FitObserver> observers) {
    Path last = folder.resolve(Solver.LAST);
    Optional<Checkpoint> from =
        Files.exists(last) ? Optional.of(Checkpoint.read(last)) : Optional.empty();
    OnnxModel model = from.map(Checkpoint::model).orElseGet(() -> TinyNet.build(3));
    long first = from.map(Solver::stepOf).orElse(0L) * recipe.accumulation();
    Augmentation augmentation = Augmentation.standard(new Size(CROP, CROP));
    try (Interruption interruption = new Interruption();
        TorchGraph graph = TorchGraph.load(model, Placement.cpu());
        Batches batches =
            Batches.open(new TinySet(12, 1), Batches.Plan.training(3, augmentation, 5, 2), first);
        Solver solver =
            new Solver(
                graph,
                batches,
                Optional.of(new Evaluator(new TinySet(6, 2))),
                recipe,
                folder,
                Map.of(),
                observers)) {
      from.ifPresent(solver::restore);
      interruption.stops(solver);
      return solver.fit();
    }
  }

  /// Prints every step.
  static final class Printing implements FitObserver {
    @Override
    public void stepped(StepReport report) {
      System.out.println("step " + report.step());
    }

    @Override
    public void evaluated(EvaluationReport report) {}

    @Override
    public void noted(long step, String sentence) {
      System.out.println(sentence);
    }

    @Override
    public void close() {}
  }

  /// @param args folder and steps
  public static void main(String[] args) {
    torch.set_num_threads(1);
    Solver.Outcome outcome =
        run(Path.of(args[0]), recipe(Long.parseLong(args[1])), List.of(new Printing()));
    System.out.println("ended " + outcome.why() + " after " + outcome.step());
  }
}
