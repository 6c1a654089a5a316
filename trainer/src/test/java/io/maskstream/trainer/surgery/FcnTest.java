package io.maskstream.trainer.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.surgery.FcnOptions.Tail;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every real classifier becomes an FCN that runs in ONNX Runtime on pictures of any size.
class FcnTest {

  @ParameterizedTest
  @CsvSource({
    "squeezenet1.1_imagenet_fp32_opset7, 8, KEPT",
    "mobilenet_v2_1.0_imagenet_fp32, 8, KEPT",
    "mobilenet_v2_1.0_imagenet_fp32, 32, KEPT",
    "light_resnet50, 16, KEPT",
    "light_squeezenet, 4, KEPT",
    "light_bvlc_alexnet, 8, CUT",
    "light_vgg19, 8, CUT"
  })
  void givesScoresForEveryPixelOfAnyPicture(String name, int stride, Tail tail) {
    FcnOptions options =
        FcnOptions.of(11, stride)
            .with(new Normalisation(List.of(104f, 117f, 123f), List.of(1f)), Channels.BGR)
            .with(tail);
    OnnxModel fcn = Fcn.of(Shared.model(name), options);
    Random random = new Random(1);
    for (OnnxTensor tensor : List.copyOf(fcn.graph().initializers())) {
      if (tensor.name().startsWith("score") && tensor.name().endsWith(".weight")) {
        float[] values = new float[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        fcn.graph().add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), values));
      }
    }
    try (Running running = new OrtGraphRunner().open(fcn.toBytes(), name)) {
      for (int[] size : new int[][] {{64, 64}, {97, 131}, {120, 161}}) {
        Tensor.Floats logits =
            (Tensor.Floats)
                running
                    .run(
                        "image",
                        new Tensor.Floats(
                            new long[] {1, 3, size[0], size[1]}, Shared.street(size[0], size[1])))
                    .get("logits");
        assertThat(logits.shape()).containsExactly(1, 11, size[0], size[1]);
        int plane = size[0] * size[1];
        for (int pixel = 0; pixel < plane; pixel++) {
          float most = 0;
          for (int k = 0; k < 11; k++) {
            most = Math.max(most, Math.abs(logits.values()[k * plane + pixel]));
          }
          assertThat(most).as("pixel %d of %s", pixel, name).isPositive().isFinite();
        }
      }
    }
  }
}
