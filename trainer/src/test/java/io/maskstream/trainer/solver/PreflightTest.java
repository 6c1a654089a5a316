package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {

  private static final LabelledSet LEARNT = new TinySet(4, 1);
  private static final LabelledSet JUDGED = new TinySet(2, 2);

  @ParameterizedTest
  @CsvSource({
    "light_resnet50, 53 of 53",
    "light_squeezenet, 25 of 25",
    "light_vgg19, 18 of 18",
    "light_bvlc_alexnet, 7 of 7"
  })
  void realTopologiesWithFillerInsteadOfWeightsAreRefused(String name, String layers) {
    Path file =
        Path.of(System.getProperty("maskstream.shared", "shared"), "models", name + ".onnx");
    assumeTrue(Files.exists(file), () -> "no real material at " + file);
    FcnOptions options = FcnOptions.of(7, 8).with(Normalisation.of(127.5f, 127.5f), Channels.RGB);
    assertThatThrownBy(() -> check(Fcn.of(file, options)))
        .isInstanceOf(SolverException.class)
        .hasMessageContaining("filler instead of trained weights")
        .hasMessageContaining(layers + " layers hold one value each")
        .hasMessageContaining("get the file with its weights, or give --random-init");
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 0.02f, -1})
  void aTrunkOfOneValueIsRefused(float value) {
    OnnxModel model = net((random, i) -> value);
    assertThatThrownBy(() -> check(model))
        .isInstanceOf(SolverException.class)
        .hasMessageContaining("holds " + value + " only; 3 of 3 layers");
  }

  @Test
  void aTrunkThatWasDrawnIsRemarkedUnlessItWasMeant() {
    OnnxModel drawn = net((random, i) -> (float) random.nextGaussian());
    assertThat(check(drawn).getFirst()).contains("3 of 3 layers look drawn at random");
    assertThat(Preflight.check(drawn, LEARNT, JUDGED, true)).isEmpty();
    OnnxModel uniform = net((random, i) -> random.nextFloat());
    assertThat(check(uniform).getFirst()).contains("3 of 3 layers look drawn at random");
  }

  /// Trained weights have many near zero and few far from it.
  @Test
  void aTrainedTrunkAndNewScoresOfZeroAreNoMatter() {
    assertThat(check(net((random, i) -> (float) Math.pow(random.nextGaussian(), 3)))).isEmpty();
  }

  @Test
  void picturesThatAreLearntFromAndJudgedOnAreRemarked() {
    OnnxModel trained = net((random, i) -> (float) Math.pow(random.nextGaussian(), 3));
    assertThat(Preflight.check(trained, LEARNT, LEARNT, false).getFirst())
        .contains("4 of 4 pictures");
  }

  private static List<String> check(OnnxModel model) {
    return Preflight.check(model, LEARNT, JUDGED, false);
  }

  @FunctionalInterface
  private interface Weights {
    float weight(Random random, int index);
  }

  /// Three layers of these weights, and a score layer of zeros that is as large.
  private static OnnxModel net(Weights weights) {
    OnnxModel model = TinyNet.build(3);
    Random random = new Random(7);
    String from = "relu2";
    for (String name : List.of("a", "b", "c", "score8")) {
      float[] values = new float[16 * 16 * 9];
      for (int i = 0; i < values.length && !name.startsWith("score"); i++) {
        values[i] = weights.weight(random, i);
      }
      String weight = name + ".weight";
      model.graph().add(OnnxTensor.ofFloats(weight, new long[] {16, 16, 3, 3}, values));
      model.graph().append(new OnnxNode("Conv", List.of(from, weight), name + "_deep"));
      from = name + "_deep";
    }
    return model;
  }
}
