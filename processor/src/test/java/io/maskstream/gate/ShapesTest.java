package io.maskstream.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GoldenFrames;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.SharedModels;
import io.maskstream.video.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The shapes that the gate tells without running a graph are those that ONNX Runtime makes.
class ShapesTest {

  @Test
  void ofTheDemosRelease() throws IOException {
    try (InputStream in = Gate.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      compare(in.readAllBytes());
    }
  }

  @Test
  void ofTheHonestCandidate() {
    compare(Candidates.good());
  }

  @ParameterizedTest
  @CsvSource({
    "models/deeplab_v3_mnv2_dm05_257_voc.onnx, 127.5, 127.5",
    "models/deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32.onnx, 127.5, 127.5",
    "models/road_segmentation_adas_0001.onnx, 0, 1"
  })
  void ofARealGraph(String file, float mean, float std) throws IOException {
    compare(
        new Packager(new OrtGraphRunner())
            .pack(
                Files.readAllBytes(SharedModels.file(file)),
                file,
                PackagingOptions.of("real", "1").with(Normalisation.of(mean, std)))
            .release()
            .graph());
  }

  /// Compares the shape of every value, as far as the gate knows it.
  public static void compare(byte[] bytes) {
    ReleaseFile release = ReleaseFile.of(bytes, "release");
    ShapeCheck check =
        new ShapeCheck(OnnxModel.read(bytes, "release"), release, GateLimits.STANDARD, "release");
    check.check();
    OnnxModel model = OnnxModel.read(bytes, "release");
    List<String> values = new ArrayList<>();
    int all = 0;
    for (OnnxNode node : model.graph().nodes()) {
      for (String value : node.outputs()) {
        all++;
        if (check.shape(value).isPresent()) {
          values.add(value);
        }
      }
    }
    List<OnnxValue> outputs = new ArrayList<>();
    for (String value : values) {
      model.graph().append(new OnnxNode("Shape", List.of(value), "shape_of_" + value));
      outputs.add(OnnxValue.ofUnknownShape("shape_of_" + value, OnnxType.INT64));
    }
    model.graph().setOutputs(outputs);
    Size frame = check.frame();
    Tensor frames =
        new Tensor.Bytes(
            new long[] {1, frame.height(), frame.width(), 3}, GoldenFrames.picture(frame, 1));
    try (Running running = new OrtGraphRunner().open(model.toBytes(), "release")) {
      Map<String, Tensor> made = running.run(ReleaseFile.INPUT, frames);
      for (String value : values) {
        Optional<long[]> told = check.shape(value);
        assertThat(((Tensor.Longs) made.get("shape_of_" + value)).values())
            .as(value)
            .containsExactly(told.orElseThrow());
      }
    }
    assertThat(values.size()).isGreaterThan(all * 9 / 10);
  }
}
