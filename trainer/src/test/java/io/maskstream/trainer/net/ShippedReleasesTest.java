package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.score.Scores;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.export.ReleaseEnds;
import io.maskstream.trainer.export.ReleaseRun;
import io.maskstream.trainer.solver.Evaluator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The two releases in the processor's resources.
class ShippedReleasesTest {

  private static final Path RESOURCES =
      Path.of(System.getProperty("maskstream.root"))
          .resolve("processor/src/main/resources/io/maskstream");

  @Test
  void theBenchsReleaseIsWhatItsBuilderWrites() throws IOException {
    Path shipped = RESOURCES.resolve("bench/bench.onnx");
    assertThat(Files.readAllBytes(shipped))
        .as("write it anew: ./maskstream train graph --net bench --out %s", shipped)
        .isEqualTo(BenchNet.build(Palette.known("scene")).toBytes());
  }

  @Test
  void theDemosReleaseIsTheBuildersGraphTrained() throws IOException {
    Path shipped = RESOURCES.resolve("demo/scene.onnx");
    assertThat(Files.size(shipped)).isLessThan(2_000_000);
    assertThat(convolutions(ReleaseEnds.strip(OnnxModel.read(shipped), "the demo's release")))
        .containsExactlyElementsOf(convolutions(SceneNet.build(Palette.known("scene").size())));
  }

  @Test
  void theDemosReleaseKnowsScenesThatItHasNotSeen() {
    Scenes unseen = Scenes.of(77, 12, 480, 360, Look.VARIED);
    try (ReleaseRun run = new ReleaseRun(ReleaseFile.read(RESOURCES.resolve("demo/scene.onnx")))) {
      Scores scores = new Evaluator(unseen).judge(run, _ -> {}).scores();
      assertThat(scores.meanIou()).isGreaterThan(0.75);
    }
  }

  /// The shapes of their weights, in order; folding batch norm changes their names.
  private static List<String> convolutions(OnnxModel model) {
    return model.graph().nodes().stream()
        .filter(node -> node.operator().equals("Conv"))
        .map(node -> Arrays.toString(model.graph().constant(node.input(1)).orElseThrow().shape()))
        .toList();
  }
}
