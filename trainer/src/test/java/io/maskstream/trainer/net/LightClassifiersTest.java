package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.trainer.surgery.FcnOptions.Tail;
import io.maskstream.video.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Classifiers' files as others wrote them become FCNs of stride 32, 16 and 8, none of them by a
/// case of its own. They hold the whole topology and filler for weights.
class LightClassifiersTest {

  @TempDir static Path folder;

  /// @param at32 numbers that learn, by hand: of the trunk, and classes x (channels + 1) of each
  ///   score layer. SqueezeNet ends at stride 16.
  @ParameterizedTest
  @CsvSource({
    "light_bvlc_alexnet, KEPT, 56954261, 56959658, 56965055",
    "light_vgg19, CUT, 20035157, 20045930, 20056703",
    "light_resnet50, KEPT, 23551061, 23572586, 23583359",
    "light_squeezenet, KEPT, 733269, 733269, 738666",
    "googlenet, KEPT, 5995077, 6012570, 6022671",
  })
  void becomeFcnsOfEveryStride(String name, Tail tail, long at32, long at16, long at8) {
    OnnxModel classifier = classifier(name);
    long[] learned = {at32, at16, at8};
    for (int i = 0; i < 3; i++) {
      FcnOptions options =
          FcnOptions.of(21, 32 >> i).with(Normalisation.of(120, 60), Channels.BGR).with(tail);
      OnnxModel fcn = DrawnScores.in(Fcn.of(classifier, options));
      assertThat(Cost.of(fcn, new Size(96, 96)).parameters()).isEqualTo(learned[i]);
      try (Running running = new OrtGraphRunner().open(fcn.toBytes(), name)) {
        for (int[] size : new int[][] {{64, 65}, {131, 97}}) {
          float[] street = new float[3 * size[0] * size[1]];
          for (int at = 0; at < street.length; at++) {
            street[at] = at * 31 % 256;
          }
          Tensor.Floats picture = new Tensor.Floats(new long[] {1, 3, size[0], size[1]}, street);
          Tensor.Floats scores =
              (Tensor.Floats) running.run(Trainable.IMAGE, picture).get(Trainable.LOGITS);
          assertThat(scores.shape()).containsExactly(1, 21, size[0], size[1]);
        }
      }
    }
  }

  /// By a network's name, from the file as from our own topology: the same layers. Work may differ,
  /// for those files leave out windows that reach over the end, which Caffe counts.
  @ParameterizedTest
  @CsvSource({
    "light_bvlc_alexnet, alexnet",
    "light_vgg19, vgg19",
    "googlenet, googlenet",
  })
  void areTheNetworksOfTheirNames(String file, String name) {
    for (int stride : new int[] {32, 16, 8}) {
      Network network = Networks.named("fcn" + stride + "s-" + name);
      OnnxModel begun = network.build(Wish.of(21).from(classifier(file)));
      assertThat(Cost.of(begun, network.size()).parameters())
          .isEqualTo(Cost.of(network.build(21), network.size()).parameters());
    }
  }

  private static OnnxModel classifier(String name) {
    if (name.equals("googlenet")) {
      Path own = folder.resolve("googlenet.onnx");
      GoogLeNet.build(1).write(own);
      return OnnxModel.read(own);
    }
    Path file =
        Path.of(System.getProperty("maskstream.shared", "shared"), "models", name + ".onnx");
    assumeTrue(Files.exists(file), () -> "no real material at " + file);
    return OnnxModel.read(file);
  }
}
