package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.trainer.graph.Shapes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gives a segmentation network, as it came, other classes: its score layers are replaced, all
/// before them stays.
///
/// A network that was fixed to one size takes any from then on. Where strides and resizing fit only
/// some sizes, such as 513 = 32 x 16 + 1, zeros behind the picture bring it to the next of those,
/// and the scores are cropped.
public final class Retarget {

  /// Sides of the pictures of a network that fixes none.
  private static final long FREE_SIDE = 512;

  private Retarget() {}

  /// A trainable graph with the network's weights.
  ///
  /// @throws GraphException naming the node that stops it
  public static OnnxModel of(OnnxModel segmentation, RetargetOptions options) {
    Normalisation norm = Front.normalisation(segmentation, options.normalisation());
    OnnxModel model = GraphImport.normalise(segmentation, "the segmentation network");
    OnnxGraph graph = model.graph();
    Front.freeNames(graph);
    Front front = Front.of(model, FREE_SIDE, FREE_SIDE);
    Map<String, long[]> inputs = Map.of(front.planes(), front.shape());
    Shapes shapes = Shapes.of(graph, inputs);
    Ending ending = Ending.of(graph, shapes, output(graph, options));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape(ending.scores(), OnnxType.FLOAT)));
    long[] steps = steps(graph, shapes, front.planes());
    Sizing.free(graph, shapes, front.planes());
    ending.retarget(graph, mapping(ending, options));

    Fitting fitting = new Fitting(graph, front, options, steps);
    front.feed(model, norm, options.channels(), fitting::fit);
    fitting.finish(ending.scores(), Shapes.sides(shapes.of(ending.scores())));
    graph.setOutputs(List.of(Head.logits(options.classes())));
    graph.forgetShapes();
    graph.sort();
    graph.removeUnused();
    graph.check();
    return model;
  }

  /// The same for a file, which errors name.
  public static OnnxModel of(Path file, RetargetOptions options) {
    OnnxModel model = GraphImport.read(file);
    try {
      return of(model, options);
    } catch (GraphException e) {
      throw new GraphException(file + ": " + e.getMessage(), e);
    }
  }

  private static OnnxValue output(OnnxGraph graph, RetargetOptions options) {
    if (options.output().isEmpty()) {
      return graph.outputs().getFirst();
    }
    String wanted = options.output().get();
    return graph.outputs().stream()
        .filter(output -> output.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new GraphException(
                "the graph has no output " + wanted + "; it has " + graph.outputs()));
  }

  private static ClassMapping mapping(Ending ending, RetargetOptions options) {
    ClassMapping mapping =
        options
            .mapping()
            .orElseGet(() -> new ClassMapping(Collections.nCopies(options.classes(), List.of())));
    mapping
        .beyond(ending.classes())
        .ifPresent(id -> {
          throw new GraphException(
              "the mapping takes class "
                  + id
                  + " of a network that has "
                  + ending.classes()
                  + " classes; count from 0");
        });
    return mapping;
  }

  /// The pixels, down and across, from one cell of the coarsest map to the next.
  private static long[] steps(OnnxGraph graph, Shapes shapes, String planes) {
    Map<String, long[]> steps = new HashMap<>();
    steps.put(planes, new long[] {1, 1});
    long[] coarsest = {1, 1};
    for (OnnxNode node : graph.nodes()) {
      long[] step = steps.get(node.input(0));
      if (node.inputs().isEmpty() || step == null || shapes.rank(node.output()) != 4) {
        continue;
      }
      long[] stays = node.integers("strides").orElse(new long[] {1, 1});
      boolean whole = Arrays.stream(Shapes.sides(shapes.of(node.output()))).allMatch(s -> s == 1);
      step =
          switch (node.operator()) {
            case "Conv", "MaxPool", "AveragePool" ->
                whole ? step : new long[] {step[0] * stays[0], step[1] * stays[1]};
            case "Resize", "ConvTranspose" -> new long[] {1, 1};
            default -> step;
          };
      steps.put(node.output(), step);
      coarsest[0] = Math.max(coarsest[0], step[0]);
      coarsest[1] = Math.max(coarsest[1], step[1]);
    }
    return coarsest;
  }
}
