package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.Palette;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.net.Corners;
import io.maskstream.trainer.net.Networks;
import io.maskstream.trainer.net.Wish;
import io.maskstream.trainer.surgery.LateFusion;
import io.maskstream.trainer.surgery.NamedLayers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Builds a network by its published name, and gives it weights.
final class NamedNetwork {

  private static final String NO_SUFFIX = "";

  private NamedNetwork() {}

  static StartingGraph begin(InitOptions options, Palette classes) {
    String name = String.valueOf(options.net);
    options.refuseWhatTheNetworkKnows();
    Wish wish = Wish.of(classes.size()).thinned(options.thin).with(options.variant());
    wish = options.alignCorners ? wish.with(Corners.ON_PIXELS) : wish;
    Path file = options.init;
    if (file == null) {
      refuseSecondStream(options);
      OnnxModel drawn = Networks.named(name).build(wish);
      return new StartingGraph(drawn, 1, List.of(name + " begins with random weights"));
    }
    OnnxModel given = StartingGraph.read(file);
    if (!StartingGraph.isTrainable(given)) {
      refuseSecondStream(options);
      OnnxModel begun = Networks.named(name).build(wish.from(given));
      String known = file + " is the classifier whose trunk " + name + " begins with";
      return new StartingGraph(begun, StartingGraph.NEW_SCORES, List.of(known));
    }
    NamedLayers begun = NamedLayers.transplant(Networks.named(name).build(wish), given, NO_SUFFIX);
    if (options.initHha != null) {
      return ofTwo(begun, file, options.initHha);
    }
    if (begun.fresh().stream().anyMatch(NamedNetwork::isTrunkOfSecondStream)) {
      throw new IllegalArgumentException(
          file
              + " has no stream for HHA, "
              + name
              + " has; give the trained one by --init-hha FILE");
    }
    return new StartingGraph(begun.model(), 1, List.of(told(begun, file)));
  }

  /// Refuses `--init-hha` where nothing would read it.
  static void refuseSecondStream(InitOptions options) {
    if (options.initHha != null) {
      throw new IllegalArgumentException(
          "--init-hha is the second of two trained graphs; give the first, of colours, by --init and "
              + "the network of both by --net, such as nyud-fcn32s-color-hha");
    }
  }

  /// The same with the weights of an earlier stage.
  static StartingGraph staged(StartingGraph made, Path stage) {
    NamedLayers begun = NamedLayers.transplant(made.model(), trainable(stage), NO_SUFFIX);
    List<String> notes = new ArrayList<>(made.notes());
    notes.add(told(begun, stage));
    return new StartingGraph(begun.model(), 1, notes);
  }

  private static StartingGraph ofTwo(NamedLayers colour, Path file, Path second) {
    OnnxModel given = trainable(second);
    NamedLayers both = NamedLayers.transplant(colour.model(), given, LateFusion.SUFFIX);
    List<String> fresh = new ArrayList<>(colour.fresh());
    fresh.removeAll(both.known());
    fresh.removeAll(both.fresh());
    NamedLayers first = new NamedLayers(both.model(), colour.known(), fresh, colour.dropped());
    return new StartingGraph(both.model(), 1, List.of(told(first, file), told(both, second)));
  }

  private static boolean isTrunkOfSecondStream(String parameter) {
    return parameter.endsWith(LateFusion.SUFFIX) && !parameter.contains(Trainable.SCORE);
  }

  private static OnnxModel trainable(Path file) {
    OnnxModel given = StartingGraph.read(file);
    if (!StartingGraph.isTrainable(given)) {
      throw new IllegalArgumentException(
          file + " is no trained graph; give what train fit wrote, best.onnx");
    }
    return given;
  }

  private static String told(NamedLayers begun, Path file) {
    return begun.known().size()
        + " arrays begin as in "
        + file
        + (begun.fresh().isEmpty() ? "" : "; new are " + String.join(", ", begun.fresh()))
        + (begun.dropped().isEmpty() ? "" : "; no place for " + String.join(", ", begun.dropped()));
  }
}
