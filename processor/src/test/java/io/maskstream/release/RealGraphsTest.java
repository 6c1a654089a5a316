package io.maskstream.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Packaging as it meets graphs of other people's exporters.
class RealGraphsTest {

  private final Packager packager = new Packager(new OrtGraphRunner());

  @Test
  void packagesTheCityscapesDeepLab() {
    Packaged packaged =
        packager.pack(
            SharedModels.file("models/deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32.onnx"),
            PackagingOptions.of("deeplab", "1"));
    assertSound(packaged, 513, 513, 2);
    assertThat(packaged.release().palette()).isEqualTo(Palette.known("cityscapes"));
    assertThat(packaged.verification().confidenceCells()).isEqualTo(2 * 33 * 33);
  }

  @Test
  void packagesTheVocDeepLabInNhwcOfOperatorSet9() {
    Packaged packaged =
        packager.pack(
            SharedModels.file("models/deeplab_v3_mnv2_dm05_257_voc.onnx"),
            PackagingOptions.of("voc", "1").with(Normalisation.of(127.5f, 127.5f)));
    assertSound(packaged, 257, 257, 2);
    assertThat(packaged.release().palette()).isEqualTo(Palette.known("voc"));
    assertThat(packaged.verification().confidenceCells()).isEqualTo(2 * 33 * 33);
  }

  @Test
  void packagesTheRoadSegmentationInNhwcAndBgrWithItsSoftmax() {
    Packaged packaged =
        packager.pack(
            SharedModels.file("models/road_segmentation_adas_0001.onnx"),
            PackagingOptions.of("road", "1")
                .with(Normalisation.of(0, 1))
                .with(Channels.BGR)
                .with(Palette.known("road")));
    assertSound(packaged, 896, 512, 2);
  }

  private static void assertSound(Packaged packaged, int width, int height, int batch) {
    assertThat(packaged.verification().differing()).isZero();
    assertThat(packaged.verification().ties()).isZero();
    assertThat(packaged.verification().batchDiffering()).isZero();
    assertThat(packaged.verification().batch()).isEqualTo(batch);
    assertThat(packaged.verification().pixels()).isEqualTo(2L * width * height);
    assertThat(packaged.release().hasConfidence()).isTrue();
    assertThat(packaged.release().inputSize())
        .isEqualTo(new InputSize.Fixed(new Size(width, height)));
  }

  @Test
  void refusesTheSqueezenetClassifierNamingItsOutput() {
    Path classifier = SharedModels.file("models/squeezenet1.1_imagenet_fp32_opset7.onnx");
    assertThatThrownBy(() ->
            packager.pack(
                classifier, PackagingOptions.of("squeezenet", "1").with(Normalisation.of(0, 1))))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("softmaxout_1[1, 1000, 1, 1]")
        .hasMessageContaining("classifier");
  }

  @Test
  void refusesTheMobilenetClassifierNamingItsOutput() {
    Path classifier = SharedModels.file("models/mobilenet_v2_1.0_imagenet_fp32.onnx");
    assertThatThrownBy(() -> packager.pack(classifier, PackagingOptions.of("mobilenet", "1")))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("output: float32[N,1001]")
        .hasMessageContaining("classifier");
  }
}
