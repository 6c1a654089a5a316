package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.video.Size;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a fully convolutional network of a classifier (Shelhamer, Long & Darrell 2016, section 4).
public final class Fcn {

  /// No picture needs more zeros around it; a network that does is none that can be followed.
  private static final long MOST_PADDING = 1024;

  private Fcn() {}

  /// A trainable graph: the classifier's trunk, score layers that are zero, and skips.
  ///
  /// It takes pictures of any size from 64 pixels on.
  ///
  /// @throws GraphException naming the node that stops it
  public static OnnxModel of(OnnxModel classifier, FcnOptions options) {
    return of(classifier, options, Map.of());
  }

  /// The same with further heads on the same trunk, each with score layers, skips and an output of
  /// its own, as SIFT Flow's classes and its geometry are told at once.
  ///
  /// @param further their outputs, and how many classes each tells apart
  public static OnnxModel of(
      OnnxModel classifier, FcnOptions options, Map<String, Integer> further) {
    Normalisation norm = Front.normalisation(classifier, options.normalisation());
    OnnxModel model = GraphImport.normalise(classifier, "the classifier");
    OnnxGraph graph = model.graph();
    Front.freeNames(graph);
    Front front = Front.of(model, options.nativeSize().height(), options.nativeSize().width());
    Trunk trunk = Trunk.of(model, front, options);
    List<Head.Tap> taps = trunk.taps(options);

    Planned planned = plan(trunk, taps, options);
    trunk.pad(graph, planned, options);
    front.feed(model, norm, options.channels(), picture -> trunk.fit(graph, picture, planned));
    Map<String, Integer> heads = new LinkedHashMap<>();
    heads.put(Trainable.LOGITS, options.classes());
    heads.putAll(further);
    List<OnnxValue> outputs = new ArrayList<>();
    heads.forEach((output, classes) ->
        outputs.add(
            new Head(model, trunk.shapes(), options, output, classes)
                .write(trunk.features(), taps, planned.y(), planned.x())));
    graph.setOutputs(outputs);
    graph.forgetShapes();
    graph.sort();
    graph.removeUnused();
    graph.check();
    return model;
  }

  /// The same for a file, which errors name.
  public static OnnxModel of(Path file, FcnOptions options) {
    OnnxModel model = GraphImport.read(file);
    try {
      return of(model, options);
    } catch (GraphException e) {
      throw new GraphException(file + ": " + e.getMessage(), e);
    }
  }

  /// The classifier itself on pictures of any size from its own on: a map of the scores of its own
  /// classes, output `logits`. Its input stays as it was, but for its free size.
  public static OnnxModel convolutionalized(OnnxModel classifier, Size nativeSize) {
    OnnxModel model = GraphImport.normalise(classifier, "the classifier");
    Front.freeNames(model.graph());
    Front front = Front.of(model, nativeSize.height(), nativeSize.width());
    Trunk.convolutionalize(model, front);
    return model;
  }

  /// @param before zeros in front of the picture: top, left
  /// @param behind zeros behind it: bottom, right
  record Planned(AxisPlan y, AxisPlan x, long[] before, long[] behind) {}

  private static Planned plan(Trunk trunk, List<Head.Tap> taps, FcnOptions options) {
    AxisPlan[] plans = new AxisPlan[2];
    long[] before = new long[2];
    long[] behind = new long[2];
    for (int axis = 0; axis < 2; axis++) {
      int at = axis;
      Lattice features = trunk.place(trunk.features()).axis(axis);
      List<Lattice> skips = taps.stream().map(tap -> trunk.place(tap.value()).axis(at)).toList();
      long[] own = {trunk.firstPads()[axis], trunk.firstPads()[axis + 2]};
      if (options.pad().isPresent()) {
        before[axis] = options.pad().get() - own[0];
        behind[axis] = options.pad().get() - own[1];
      } else {
        before[axis] = inSteps(-plan(features, skips, 0, 0, options).crop(), options);
      }
      plans[axis] = plan(features, skips, before[axis], behind[axis], options);
      if (plans[axis].crop() < 0 && isRarefied(options)) {
        before[axis] += inSteps(-plans[axis].crop(), options);
        plans[axis] = plan(features, skips, before[axis], behind[axis], options);
      }
      if (plans[axis].crop() < 0) {
        throw new GraphException(
            "pad="
                + options.pad().orElse(0)
                + " leaves the first "
                + -plans[axis].crop()
                + " pixels of a picture without a score; give more, or leave it out");
      }
      while (plans[axis].mostMissing() > 0 && behind[axis] < MOST_PADDING) {
        behind[axis]++;
        plans[axis] = plan(features, skips, before[axis], behind[axis], options);
      }
      if (plans[axis].mostMissing() > 0) {
        throw new GraphException(
            "the scores of "
                + trunk.features()
                + " never cover a whole picture; take a network that keeps its picture's borders");
      }
    }
    return new Planned(plans[0], plans[1], before, behind);
  }

  private static boolean isRarefied(FcnOptions options) {
    return options.variant().coarsest() < FcnOptions.LARGEST_STRIDE;
  }

  /// Zeros that bring the first cell to the picture's begin. Rarefied cells reach less far than
  /// those that they are between; whole steps leave them where shifted pictures have theirs.
  private static long inSteps(long pixels, FcnOptions options) {
    long step = isRarefied(options) ? options.variant().coarsest() : 1;
    return Math.ceilDiv(Math.max(0, pixels), step) * step;
  }

  private static AxisPlan plan(
      Lattice features, List<Lattice> skips, long before, long behind, FcnOptions options) {
    return AxisPlan.of(
        features.ofPaddedPicture(before, behind),
        skips.stream().map(skip -> skip.ofPaddedPicture(before, behind)).toList(),
        options.upscore());
  }
}
