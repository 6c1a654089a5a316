import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.net.Cost;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.video.Size;
import java.nio.file.Path;
import java.util.List;

/// A model example: reads a classifier, makes an FCN-8s of it, and looks at what was made.
///
///     java @trainer/examples/java.args trainer/examples/ModelExample.java squeezenet.onnx fcn8s.onnx
void main(String... args) {
  // The ONNX graph is the model: there is no other description of the network.
  OnnxModel classifier = OnnxModel.read(Path.of(args[0]));
  IO.println("it takes " + classifier.graph().inputs() + ", gives " + classifier.graph().outputs());

  // What its file does not say: its pictures are RGB less the mean of ImageNet, over the deviation.
  Normalisation imageNet =
      new Normalisation(List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f));

  // 21 classes, as PASCAL VOC has; scores at stride 32, 16 and 8, where the trunk has such maps.
  FcnOptions options = FcnOptions.of(21, 8).with(imageNet, Channels.RGB);

  // The last layer goes, fully connected ones become convolutions, zero score layers come.
  OnnxModel fcn = Fcn.of(classifier, options);
  IO.println("it takes " + fcn.graph().inputs() + ", gives " + fcn.graph().outputs());

  // Every layer is a node with a name, and every weight a constant with a name: these are new.
  for (OnnxNode node : fcn.graph().nodes()) {
    if (node.output().startsWith("score") && node.operator().equals("Conv")) {
      OnnxTensor weight = fcn.graph().constant(node.input(1)).orElseThrow();
      IO.println(node.input(0) + " is scored by " + weight);
    } else if (node.output().startsWith("upscore") && node.operator().startsWith("Conv")) {
      long finer = node.integers("strides").orElseThrow()[0];
      IO.println(node.input(0) + " becomes " + finer + " times finer, bilinearly");
    }
  }

  // What a picture costs.
  Cost cost = Cost.of(fcn, new Size(500, 500));
  IO.println(cost.parameters() + " parameters, " + cost.macs() / 1e9 + " GMAC at 500 x 500");

  // It can be trained: ./maskstream train fit --init fcn8s.onnx --data ...
  fcn.write(Path.of(args[1]));
}
