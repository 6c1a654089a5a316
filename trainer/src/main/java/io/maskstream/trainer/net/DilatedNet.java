package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.Transplant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A dilated residual network, a head on its last stage, scores resized to the picture.
///
/// @param head what is scored
/// @param auxiliary on the third stage, for training only
record DilatedNet(ResNet trunk, Head head, Optional<Head> auxiliary) {

  OnnxModel build(String name, Wish wish) {
    Layers layers = new Layers(name, Trainable.IMAGE, 0, wish.plain().thinning());
    List<String> stages = trunk.write(layers, layers.normalised(Trainable.IMAGE));
    List<OnnxValue> outputs = new ArrayList<>();
    outputs.add(score(layers, Trainable.LOGITS, "head", head, stages.getLast(), wish));
    auxiliary.ifPresent(
        aux -> outputs.add(score(layers, Trainable.AUXILIARY, "aux", aux, stages.get(2), wish)));
    OnnxModel model = layers.model(outputs.toArray(OnnxValue[]::new));
    return wish.classifier().map(known -> Transplant.of(model, known)).orElse(model);
  }

  private static OnnxValue score(
      Layers layers, String output, String name, Head head, String x, Wish wish) {
    String y = head.write(layers, name, x, wish.corners());
    String scores = layers.score(name + "." + Trainable.SCORE, y, wish.classes());
    layers.resizedTo(output, scores, Trainable.IMAGE, wish.corners());
    return Layers.pictures(output, wish.classes(), -1, "H", "W");
  }
}
