package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.score.Scores;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Augmentation;
import io.maskstream.trainer.data.Batches;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolverTest {

  @TempDir Path folder;

  private static final class Remembering implements FitObserver {
    final List<StepReport> steps = new ArrayList<>();
    final List<EvaluationReport> evaluations = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void stepped(StepReport report) {
      steps.add(report);
    }

    @Override
    public void evaluated(EvaluationReport report) {
      evaluations.add(report);
    }

    @Override
    public void noted(long step, String sentence) {
      notes.add(sentence);
    }

    @Override
    public void close() {}
  }

  @Test
  void learnsTheTinySetAndKeepsTheBest() {
    Remembering seen = new Remembering();
    Solver.Outcome outcome = TinyRun.run(folder, TinyRun.recipe(60), List.of(seen));
    assertThat(outcome.step()).isEqualTo(60);
    assertThat(seen.steps).hasSize(60);
    assertThat(seen.evaluations).hasSize(6);
    assertThat(outcome.bestIou().orElseThrow()).isGreaterThan(0.8);
    OnnxModel best = OnnxModel.read(folder.resolve(Solver.BEST));
    try (TorchGraph graph = TorchGraph.load(best, Placement.cpu())) {
      Scores again = new Evaluator(new TinySet(6, 2)).judge(graph).scores();
      assertThat(again.meanIou()).isEqualTo(outcome.bestIou().orElseThrow());
    }
  }

  @Test
  void aBatchWithoutALabelTeachesNothingAndBreaksNothing() {
    Remembering seen = new Remembering();
    fit(new Unlabelled(), recipe(new OptimizerSettings.Sgd(0.1, 0.9, false, 0)), seen);
    assertThat(seen.steps)
        .hasSize(4)
        .allSatisfy(step -> {
          assertThat(step.loss()).isNaN();
          assertThat(step.pictures()).isZero();
        });
    float[] kept = weight(Checkpoint.read(folder.resolve(Solver.LAST)).model());
    assertThat(kept).containsExactly(weight(TinyNet.build(3)));
  }

  @Test
  void stopsWhenTheLossIsNotANumber() {
    assertThatThrownBy(() ->
            fit(
                new TinySet(6, 1),
                recipe(new OptimizerSettings.Sgd(1e30, 0, false, 0)),
                new Remembering()))
        .isInstanceOf(SolverException.class)
        .hasMessageMatching("(?s).*(loss|gradient).*at step=\\d+ lr=.*checkpoint.*--lr.*");
  }

  @Test
  void saysInWordsThatALearningRateIsAbsurd() {
    Remembering seen = new Remembering();
    TinyRun.run(
        folder,
        with(TinyRun.recipe(6), new OptimizerSettings.AdamW(0.5, 0.9, 0.999, 1e-8, 0)),
        List.of(seen));
    assertThat(seen.notes).anySatisfy(note -> assertThat(note).contains("absurd"));
  }

  @Test
  void saysInWordsThatNothingIsLearnt() {
    Remembering seen = new Remembering();
    TinyRun.run(
        folder,
        with(TinyRun.recipe(10), new OptimizerSettings.Sgd(1e-12, 0, false, 0)),
        List.of(seen));
    assertThat(seen.notes).anySatisfy(note -> assertThat(note).contains("too low"));
  }

  @Test
  void endsEarlyWhenItGetsNoBetter() {
    Recipe recipe =
        new Recipe(
            1000,
            Optional.empty(),
            new OptimizerSettings.Sgd(1e-12, 0, false, 0),
            ParameterGroups.even(),
            new Schedule(new Schedule.Level(), 0),
            LossSettings.mean(),
            1,
            0,
            0,
            Precision.FP32,
            0,
            Mode.TRAINING,
            false,
            2,
            1000,
            3,
            1);
    Solver.Outcome outcome = fit(new TinySet(6, 1), recipe, new Remembering());
    assertThat(outcome.step()).isEqualTo(outcome.bestStep() + 3 * 2);
    assertThat(outcome.why()).contains("no better in 3 evaluations");
  }

  @Test
  void writesALineOfJsonForEveryStepAndEvaluation() throws Exception {
    Path file = folder.resolve("log.jsonl");
    try (JsonLog log = new JsonLog(file)) {
      TinyRun.run(folder, TinyRun.recipe(10), List.of(log));
      log.noted(10, "a \"quoted\" word\n");
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.stream().filter(line -> line.contains("\"loss\":"))).hasSize(10);
    assertThat(lines.getFirst()).startsWith("{\"step\":1,\"loss\":").endsWith("}");
    assertThat(lines).anySatisfy(line -> assertThat(line).startsWith("{\"step\":10,\"mean_iou\":"));
    assertThat(lines.getLast())
        .isEqualTo("{\"step\":10,\"note\":\"a \\\"quoted\\\" word\\u000a\"}");
  }

  private static Recipe recipe(OptimizerSettings optimizer) {
    return with(TinyRun.recipe(4), optimizer);
  }

  private static Recipe with(Recipe recipe, OptimizerSettings optimizer) {
    return new Recipe(
        recipe.steps(),
        recipe.time(),
        optimizer,
        recipe.groups(),
        recipe.schedule(),
        recipe.loss(),
        recipe.accumulation(),
        0,
        0,
        recipe.precision(),
        recipe.lossScale(),
        recipe.mode(),
        recipe.jointStatistics(),
        recipe.evaluateEvery(),
        recipe.saveEvery(),
        recipe.patience(),
        recipe.seed());
  }

  private Solver.Outcome fit(LabelledSet set, Recipe recipe, FitObserver observer) {
    try (TorchGraph graph = TorchGraph.load(TinyNet.build(3), Placement.cpu());
        Batches batches = Batches.open(set, Batches.Plan.training(2, Augmentation.NONE, 5, 1), 0);
        Solver solver =
            new Solver(
                graph,
                batches,
                Optional.of(new Evaluator(new TinySet(4, 2))),
                recipe,
                folder,
                Map.of(),
                List.of(observer))) {
      return solver.fit();
    }
  }

  private static float[] weight(OnnxModel model) {
    return model.graph().initializers().stream()
        .filter(tensor -> tensor.name().equals("conv2.weight"))
        .findAny()
        .orElseThrow()
        .floats();
  }

  /// Nothing is labelled.
  private record Unlabelled() implements LabelledSet {

    @Override
    public Palette classes() {
      return Palette.numbered(3);
    }

    @Override
    public int size() {
      return 3;
    }

    @Override
    public String name(int index) {
      return "void-" + index;
    }

    @Override
    public LabelledPicture read(int index) {
      byte[] labels = new byte[64];
      Arrays.fill(labels, (byte) LabelledPicture.IGNORE);
      return new LabelledPicture(
          name(index), new RgbPicture(8, 8, new byte[192]), new ClassPicture(8, 8, labels));
    }
  }
}
