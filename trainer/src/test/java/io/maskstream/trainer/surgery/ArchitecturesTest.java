package io.maskstream.trainer.surgery;

import static io.maskstream.trainer.surgery.ConvolutionalizeTest.keepsItsLogits;
import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Augmentation;
import io.maskstream.trainer.data.Batches;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.export.Exporter;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.EvaluationReport;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.FitObserver;
import io.maskstream.trainer.solver.LossSettings;
import io.maskstream.trainer.solver.OptimizerSettings;
import io.maskstream.trainer.solver.ParameterGroups;
import io.maskstream.trainer.solver.Recipe;
import io.maskstream.trainer.solver.Schedule;
import io.maskstream.trainer.solver.Solver;
import io.maskstream.trainer.solver.StepReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Families of classifiers become FCNs, learn, and are released, none of them by a case of its own.
@ParameterizedClass
@EnumSource
class ArchitecturesTest {

  private static final int STEPS = 6;

  /// Greatest difference between the libraries as a share of the range of the scores.
  private static final double TOLERANCE = 1e-4;

  private final LabelledSet streets = Scenes.of(1, 2, 128, 96, Look.VARIED);

  @Parameter Architectures architecture;

  @TempDir Path folder;

  /// Two threads would wait for each other awake, and beside other programs for long.
  @BeforeAll
  static void onOneThread() {
    TorchGraph.useThreads(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 16, 8})
  void learnsAgreesAndIsReleased(int stride) {
    FcnOptions options =
        FcnOptions.of(streets.classes().size(), stride)
            .with(Normalisation.of(127.5f, 60), Channels.RGB);
    List<Double> losses = new ArrayList<>();
    OnnxModel trained = fit(Fcn.of(architecture.build(), options), losses);
    assertThat(losses).hasSize(STEPS);
    assertThat(losses.getLast()).isLessThan(0.9 * losses.getFirst());
    agrees(trained, 131, 97);
    agrees(trained, 160, 90);
    assertThat(
            Exporter.export(
                    trained,
                    "it",
                    "it",
                    "1",
                    streets.classes(),
                    Map.of(),
                    List.of(Scenes.of(2, 1, 131, 97, Look.VARIED).read(0).picture()))
                .agreement()
                .differing())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = Architectures.SIDE)
  void keepsWhatItSaysOfAPicture(int side) {
    float[] picture = new float[3 * side * side];
    Random random = new Random(3);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (float) random.nextGaussian();
    }
    keepsItsLogits(architecture.build(), picture, side);
  }

  private OnnxModel fit(OnnxModel fcn, List<Double> losses) {
    Recipe recipe =
        new Recipe(
            STEPS,
            Optional.empty(),
            new OptimizerSettings.AdamW(0.003, 0.9, 0.999, 1e-8, 0),
            new ParameterGroups(
                2,
                1,
                ParameterGroups.Decay.WEIGHTS,
                List.of(new ParameterGroups.Rule("^score", 10))),
            new Schedule(new Schedule.Level(), 0),
            LossSettings.mean(),
            1,
            5,
            0,
            Precision.FP32,
            0,
            Mode.TRAINING,
            false,
            STEPS,
            STEPS,
            0,
            1);
    try (TorchGraph graph = TorchGraph.load(fcn, Placement.cpu());
        Batches batches =
            Batches.open(streets, Batches.Plan.training(2, Augmentation.NONE, 5, 1), 0);
        Solver solver =
            new Solver(
                graph,
                batches,
                Optional.empty(),
                recipe,
                folder,
                Map.of(),
                List.of(new Losses(losses)))) {
      solver.fit();
    }
    return Checkpoint.read(folder.resolve(Solver.LAST)).model();
  }

  private static void agrees(OnnxModel trained, int width, int height) {
    RgbPicture picture = Scenes.of(2, 1, width, height, Look.VARIED).read(0).picture();
    float[] planes = new float[3 * width * height];
    for (int i = 0; i < planes.length; i++) {
      planes[i % 3 * width * height + i / 3] = Byte.toUnsignedInt(picture.rgb()[i]);
    }
    Tensor.Floats expected = Nets.run(trained, "image", planes, 1, 3, height, width);
    float[] got;
    try (TorchGraph graph = TorchGraph.load(trained, Placement.cpu())) {
      got = Evaluator.scores(graph, picture);
    }
    float[] wanted = expected.values();
    assertThat(expected.shape()).endsWith(height, width);
    assertThat(got).hasSameSizeAs(wanted);
    float low = wanted[0];
    float high = wanted[0];
    float most = 0;
    for (int i = 0; i < got.length; i++) {
      low = Math.min(low, wanted[i]);
      high = Math.max(high, wanted[i]);
      most = Math.max(most, Math.abs(got[i] - wanted[i]));
    }
    assertThat(high - low).as("range of the scores").isGreaterThan(0.1f);
    assertThat(most / (high - low)).isLessThanOrEqualTo((float) TOLERANCE);
  }

  private record Losses(List<Double> seen) implements FitObserver {

    @Override
    public void stepped(StepReport report) {
      seen.add((double) report.loss());
    }

    @Override
    public void evaluated(EvaluationReport report) {}

    @Override
    public void noted(long step, String sentence) {}

    @Override
    public void close() {}
  }
}
