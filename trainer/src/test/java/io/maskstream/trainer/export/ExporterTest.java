package io.maskstream.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.score.ScoreReport;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.TinyNet;
import io.maskstream.trainer.solver.TinySet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {

  private static final Palette CLASSES =
      new Palette(List.of("ground", "bright", "dark"), List.of(0x101010, 0xffffff, 0x800000));

  private final OnnxModel trained = TinyNet.build(3);

  /// Odd sizes show what only even ones hide.
  private final List<RgbPicture> pictures = pictures(Scenes.of(1, 2, 66, 50, Look.VARIED));

  private static List<RgbPicture> pictures(LabelledSet set) {
    return List.of(set.read(0).picture(), set.read(1).picture());
  }

  @Test
  void aReleaseSaysWhatTheTrainedGraphSaysInTheOtherLibrary(@TempDir Path folder) {
    Exporter.Exported made = export(trained);
    assertThat(made.agreement().pictures()).isEqualTo(2);
    assertThat(made.agreement().pixels()).isEqualTo(2 * 66 * 50);
    assertThat(made.agreement().differing()).isZero();

    Path file = folder.resolve("tiny.onnx");
    made.packaged().write(file);
    ReleaseFile release = ReleaseFile.read(file);
    assertThat(release.palette()).isEqualTo(CLASSES);
    assertThat(release.hasConfidence()).isTrue();
    assertThat(release.metadata()).containsEntry("maskstream.trained_on", "tiny boxes");
    assertThat(OnnxModel.read(file).graph().nodes())
        .noneMatch(node -> node.operator().equals("BatchNormalization"));
  }

  @Test
  void scoresAreTheSameInBothLibraries() {
    Evaluator evaluator = new Evaluator(new TinySet(6, 2));
    Scores inTorch;
    try (TorchGraph graph = TorchGraph.load(trained, Placement.cpu())) {
      inTorch = evaluator.judge(graph).scores();
    }
    try (ReleaseRun run = new ReleaseRun(export(trained).packaged().release())) {
      assertThat(evaluator.judge(run, _ -> {}).scores()).isEqualTo(inTorch);
    }
  }

  @Test
  void aReleaseThatDiffersIsRefused() {
    OnnxModel other = trained.copy();
    other.graph().add(OnnxTensor.ofFloats("score.bias", new long[] {3}, 0.5f, -0.5f, 0.1f));
    Exporter.Exported made = export(trained);
    assertThatThrownBy(
            () -> Exporter.refuseDifference(other, "other.onnx", made.packaged(), pictures))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("nothing was written")
        .hasMessageContaining("pixels of 2 pictures differ");
  }

  @Test
  void theReleaseCanLearnOn() {
    OnnxModel again =
        ReleaseEnds.strip(
            OnnxModel.read(export(trained).packaged().release().graph(), "release"), "release");
    assertThat(again.graph().inputs()).hasToString("[image: float32[N,3,H,W]]");
    assertThat(again.graph().outputs()).hasToString("[logits: float32[N,3,H,W]]");
    try (TorchGraph before = TorchGraph.load(trained, Placement.cpu());
        TorchGraph after = TorchGraph.load(again, Placement.cpu())) {
      float[] wanted = Evaluator.scores(before, pictures.getFirst());
      float[] got = Evaluator.scores(after, pictures.getFirst());
      assertThat(got).hasSameSizeAs(wanted);
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i]).isCloseTo(wanted[i], org.assertj.core.api.Assertions.within(1e-4f));
      }
    }
  }

  @Test
  void whatTakesNoFramesIsNoRelease() {
    assertThat(ReleaseEnds.areOn(trained)).isFalse();
    assertThat(ReleaseEnds.areOn(OnnxModel.read(export(trained).packaged().release().graph(), "r")))
        .isTrue();
  }

  @Test
  void theCardNamesClassesScoresAndLimits() {
    Exporter.Exported made = export(trained);
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 1, 1}, new byte[] {0, 0, 1, 0});
    String card =
        new ModelCard(
                made.packaged().release(),
                "tiny boxes",
                "tiny val",
                Optional.of(new ScoreReport(CLASSES, 1, matrix)),
                made.agreement())
            .markdown();
    assertThat(card)
        .startsWith("# tiny\n")
        .contains("trained on: tiny boxes")
        .contains("mean IoU 0.5833")
        .contains("| 1 | bright | `#ffffff` | 0.500 | 50.00 % |")
        .contains("| 2 | dark | `#800000` | - | 0.00 % |")
        .contains("## Limits");
  }

  private Exporter.Exported export(OnnxModel model) {
    return Exporter.export(
        model,
        "tiny.onnx",
        "tiny",
        "1",
        CLASSES,
        Map.of("maskstream.trained_on", "tiny boxes"),
        pictures);
  }
}
