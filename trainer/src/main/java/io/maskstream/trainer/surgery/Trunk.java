package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.graph.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A classifier without its last layer and without the pooling that forgets where things are.
final class Trunk {

  /// What may stand between the last layer and the classifier's output.
  private static final Set<String> AFTER_SCORES =
      Set.of("BatchNormalization", "Clip", "Dropout", "Identity", "Relu", "Sigmoid", "Tanh");

  /// No classifier is coarser, pixels.
  private static final long COARSEST = 64;

  private final String features;
  private final List<String> waists;
  private final Shapes shapes;
  private final Geometry geometry;
  private final Front front;
  private final boolean fits;
  private final OnnxNode first;
  private final boolean convolvesFirst;

  private Trunk(OnnxModel model, Front front, String features, List<String> waists, Shapes shapes) {
    this.features = features;
    this.waists = waists;
    this.shapes = shapes;
    this.front = front;
    Place picture = new Place(Lattice.picture(), Lattice.picture());
    Geometry free = Geometry.of(model.graph(), shapes, front.planes(), picture);
    fits = free.uneven().isPresent();
    geometry = fits ? fitted(model.graph(), free.coarsest()) : free;
    List<OnnxNode> readers = model.graph().consumers(front.planes());
    if (readers.isEmpty()) {
      throw new GraphException(
          "the classifier is its last layer alone, so nothing is left to score; take one with a trunk");
    }
    first = readers.getFirst();
    convolvesFirst = readers.size() == 1 && first.operator().equals("Conv");
  }

  /// The same where every picture is brought to sides that behave as those of the network's own.
  private Geometry fitted(OnnxGraph graph, long[] steps) {
    Place picture =
        new Place(
            Lattice.fitted(front.height(), steps[0]), Lattice.fitted(front.width(), steps[1]));
    Geometry fitted = Geometry.of(graph, shapes, front.planes(), picture);
    fitted
        .uneven()
        .ifPresent(node -> {
          throw new GraphException(
              "node "
                  + node
                  + " joins values that have not equally many cells, whatever the picture's size; "
                  + "export the model with zeros around its windows");
        });
    return fitted;
  }

  /// Brings a picture to the sides that the trunk wants, before the zeros that were planned.
  String fit(OnnxGraph graph, String picture, Fcn.Planned planned) {
    if (!fits) {
      return picture;
    }
    long[] own = {front.height(), front.width()};
    long[] steps = geometry.coarsest();
    for (int axis = 0; axis < 2; axis++) {
      long rest = own[axis] - planned.before()[axis] - planned.behind()[axis];
      own[axis] = Math.floorMod(rest, steps[axis]);
    }
    return new Wiring(graph).fitted(picture, own, steps);
  }

  /// Rewrites the graph down to what the scores are to be made from.
  static Trunk of(OnnxModel model, Front front, FcnOptions options) {
    OnnxGraph graph = model.graph();
    Convolved convolved = convolve(graph, front);
    List<String> waists = waists(graph, front);
    Set<String> boundaries = new HashSet<>(convolved.result().flattened());
    for (OnnxNode pool : wholePools(graph, convolved.shapes(), waists)) {
      boundaries.add(pool.input(0));
      graph.remove(pool);
      graph.redirect(pool.output(), pool.input(0));
      graph.setOutputs(
          graph.outputs().stream()
              .map(output ->
                  output.name().equals(pool.output()) ? output.withName(pool.input(0)) : output)
              .toList());
    }
    String features = behindLastLayer(graph, convolved.logits(graph));
    if (options.tail() == FcnOptions.Tail.CUT) {
      features = earliest(waists, boundaries, features);
    }
    end(graph, features);
    if (options.window() == FcnOptions.Window.SAME) {
      convolved.result().widened().forEach(Trunk::keepSize);
    }
    Rarefaction.apply(graph, front.planes(), options.variant().coarsest());
    Shapes shapes = Shapes.of(graph, Map.of(front.planes(), roomy(front)));
    return new Trunk(model, front, features, waists(graph, front), shapes);
  }

  /// At least twice the classifier's own picture, so that no window is larger than what it reads,
  /// and as many times as often halved.
  private static long[] roomy(Front front) {
    return new long[] {1, 3, roomy(front.height()), roomy(front.width())};
  }

  private static long roomy(long side) {
    return side + Math.ceilDiv(side, COARSEST) * COARSEST;
  }

  private record Convolved(Convolutionalizer.Result result, Shapes shapes) {

    String logits(OnnxGraph graph) {
      return graph.outputs().getFirst().name();
    }
  }

  private static Convolved convolve(OnnxGraph graph, Front front) {
    Map<String, long[]> inputs = Map.of(front.planes(), front.shape());
    graph.setInputs(planes(front));
    Shapes before = Shapes.of(graph, inputs);
    explicitPads(graph, before);
    Convolutionalizer.Result result = Convolutionalizer.apply(graph, before);
    end(graph, result.logits());
    Sizing.free(graph, Shapes.of(graph, inputs), front.planes());
    return new Convolved(result, Shapes.of(graph, inputs));
  }

  private static OnnxValue planes(Front front) {
    return new OnnxValue(
        front.planes(),
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(3),
            OnnxDimension.free("H"),
            OnnxDimension.free("W")));
  }

  private static void end(OnnxGraph graph, String value) {
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)));
    graph.forgetShapes();
    graph.removeUnused();
  }

  /// Says in numbers what `auto_pad` says in words, at the size of the classifier's pictures.
  private static void explicitPads(OnnxGraph graph, Shapes shapes) {
    for (OnnxNode node : graph.nodes()) {
      if (node.text("auto_pad", "NOTSET").startsWith("SAME")) {
        long[] kernel =
            node.operator().equals("Conv")
                ? tail(shapes.of(node.input(1)))
                : node.integers("kernel_shape").orElseThrow();
        node.set("pads", Windows.of(node, kernel, tail(shapes.of(node.input(0)))).pads());
      }
      node.removeAttribute("auto_pad");
    }
  }

  private static long[] tail(long[] shape) {
    return Arrays.copyOfRange(shape, 2, shape.length);
  }

  private static List<String> waists(OnnxGraph graph, Front front) {
    return Waists.of(graph, front.planes());
  }

  /// The pools over everything, through which the classifier's whole answer goes.
  private static List<OnnxNode> wholePools(OnnxGraph graph, Shapes shapes, List<String> waists) {
    List<OnnxNode> pools = new ArrayList<>();
    for (OnnxNode node : graph.nodes()) {
      if (waists.contains(node.output()) && isWholePool(node, shapes)) {
        pools.add(node);
      }
    }
    return pools;
  }

  private static boolean isWholePool(OnnxNode node, Shapes shapes) {
    return switch (node.operator()) {
      case "GlobalAveragePool", "GlobalMaxPool" -> true;
      case "AveragePool", "MaxPool" -> Sizing.isWhole(node, shapes);
      default -> false;
    };
  }

  /// What the last layer reads. A network that ends without one, as a headless trunk, is taken as
  /// it is.
  private static String behindLastLayer(OnnxGraph graph, String logits) {
    String value = logits;
    Optional<OnnxNode> node = graph.producer(value);
    while (node.isPresent()) {
      OnnxNode last = node.get();
      if (last.operator().equals("Conv")) {
        return last.input(0);
      }
      boolean bias = last.operator().equals("Add") && graph.constant(last.input(1)).isPresent();
      if (!bias && !AFTER_SCORES.contains(last.operator())) {
        return logits;
      }
      value = last.input(0);
      node = graph.producer(value);
    }
    throw new GraphException(
        "the graph has no convolution and no fully connected layer; take a classifier of pictures");
  }

  private static String earliest(List<String> waists, Set<String> boundaries, String features) {
    return waists.stream().filter(boundaries::contains).findFirst().orElse(features);
  }

  /// As many zeros around as keep the size.
  private static void keepSize(OnnxNode convolution) {
    long[] kernel = convolution.integers("kernel_shape").orElseThrow();
    long top = (kernel[0] - 1) / 2;
    long left = (kernel[1] - 1) / 2;
    convolution.set("pads", new long[] {top, left, kernel[0] - 1 - top, kernel[1] - 1 - left});
  }

  /// The whole classifier over any picture: pools over everything become windows of their old size.
  static void convolutionalize(OnnxModel model, Front front) {
    OnnxGraph graph = model.graph();
    Convolved convolved = convolve(graph, front);
    for (OnnxNode pool : wholePools(graph, convolved.shapes(), waists(graph, front))) {
      boolean average = pool.operator().contains("Average");
      pool.setOperator(average ? "AveragePool" : "MaxPool");
      pool.set("kernel_shape", tail(convolved.shapes().of(pool.input(0))));
      pool.set("strides", new long[] {1, 1});
    }
    String logits = convolved.logits(graph);
    graph.append(new OnnxNode("Identity", List.of(logits), Trainable.LOGITS));
    end(graph, Trainable.LOGITS);
    graph.check();
  }

  String features() {
    return features;
  }

  Shapes shapes() {
    return shapes;
  }

  Place place(String value) {
    return geometry.placeOf(value);
  }

  /// Zeros that the first convolution has put around the picture as it came: top, left, bottom,
  /// right.
  long[] firstPads() {
    return convolvesFirst ? first.integers("pads").orElse(new long[4]).clone() : new long[4];
  }

  /// The values to score besides the features, coarse to fine, down to the stride asked for.
  List<Head.Tap> taps(FcnOptions options) {
    List<Head.Tap> taps = new ArrayList<>();
    double coarsest = place(features).stride();
    for (int stride = 16; stride >= options.stride(); stride /= 2) {
      if (stride >= coarsest) {
        continue;
      }
      double wanted = stride;
      List<String> found =
          waists.stream()
              .filter(value -> shapes.rank(value) == 4)
              .filter(value ->
                  geometry.place(value).filter(place -> place.stride() == wanted).isPresent())
              .toList();
      if (!found.isEmpty()) {
        String value = options.tap() == FcnOptions.Tap.FIRST ? found.getFirst() : found.getLast();
        taps.add(new Head.Tap(value, stride));
      }
    }
    return taps;
  }

  /// Puts zeros around the picture: in the first convolution, or before it.
  void pad(OnnxGraph graph, Fcn.Planned planned, FcnOptions options) {
    long[] added = {
      planned.before()[0], planned.before()[1], planned.behind()[0], planned.behind()[1]
    };
    if (Arrays.stream(added).allMatch(pad -> pad == 0)) {
      return;
    }
    if (convolvesFirst) {
      long[] pads = firstPads();
      for (int i = 0; i < 4; i++) {
        pads[i] += added[i];
      }
      first.set("pads", pads);
      return;
    }
    String pads =
        graph.add(
            OnnxTensor.ofVector(
                graph.freshName("picture_pads"),
                0,
                0,
                added[0],
                added[1],
                0,
                0,
                added[2],
                added[3]));
    String padded = graph.freshName("picture_padded");
    String planes = first.input(0);
    graph.redirect(planes, padded);
    graph.prepend(List.of(new OnnxNode("Pad", List.of(planes, pads), padded)));
  }
}
