package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.solver.Evaluation.View;
import io.maskstream.trainer.solver.Sliding.Part;
import io.maskstream.video.Size;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A graph that libtorch runs, shown pictures as an [Evaluation] says, in float32. The graph stays
/// its caller's. Not thread-safe.
///
/// Logits are resized as the graph itself resizes its own: corner on corner for networks that were
/// trained so (mmsegmentation's `postprocess_result` takes `align_corners` of the head).
public final class TorchPredictor implements Evaluator.Predictor {

  private static final int COLOURS = 3;
  private static final int WIDTH_AXIS = 3;
  private static final int HEIGHT_AXIS = 2;

  /// Operators that may stand between the last Resize and the logits.
  private static final Set<String> HARMLESS = Set.of("Identity", "Slice", "Cast", "Pad");

  private final TorchGraph graph;
  private final Evaluation evaluation;
  private final boolean alignsCorners;

  /// Of the graph's input.
  private final OptionalLong planes;

  public TorchPredictor(TorchGraph graph, Evaluation evaluation) {
    this.graph = graph;
    this.evaluation = evaluation;
    OnnxGraph outline = graph.outline().graph();
    alignsCorners = alignsCorners(outline);
    planes = planes(outline);
  }

  @Override
  public Map<String, byte[]> classes(LabelledPicture picture) {
    int given = COLOURS + picture.others().count();
    if (planes.isPresent() && planes.getAsLong() != given) {
      throw new SolverException(
          "graph reads %d planes, %s has %d: three of colours, and those behind them; give --data with the planes that the graph was built for"
              .formatted(planes.getAsLong(), picture.name(), given));
    }
    Set<String> outputs = new HashSet<>(picture.further().keySet());
    outputs.retainAll(graph.outputs());
    outputs.add(TorchGraph.LOGITS);
    Map<String, byte[]> classes = new HashMap<>();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor image = Images.tensor(picture, graph.placement());
      scores(image, outputs)
          .forEach((output, scores) -> classes.put(output, mostLikely(scores, picture)));
    }
    return classes;
  }

  private static byte[] mostLikely(Tensor scores, LabelledPicture picture) {
    try (PointerScope scope = new PointerScope()) {
      Tensor ids =
          torch.argmax(scores, new LongOptional(1), false).to(ScalarType.Byte).cpu().contiguous();
      byte[] classes = new byte[picture.width() * picture.height()];
      ids.data_ptr_byte().get(classes);
      return classes;
    }
  }

  /// The logits of a picture at its own size, class-major and row-major.
  static float[] logits(TorchGraph graph, RgbPicture picture) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor image = Images.tensor(picture, graph.placement());
      Tensor logits =
          run(graph, image, Set.of(TorchGraph.LOGITS))
              .values()
              .iterator()
              .next()
              .to(ScalarType.Float)
              .cpu()
              .contiguous();
      float[] scores = new float[Math.toIntExact(logits.numel())];
      logits.data_ptr_float().get(scores);
      return scores;
    }
  }

  /// Logits seen in one way, or the sum of the probabilities of several: the largest is the same.
  private Map<String, Tensor> scores(Tensor image, Set<String> outputs) {
    List<View> views = evaluation.views();
    if (views.size() == 1) {
      return logits(image, views.getFirst(), outputs);
    }
    Sums sums = new Sums();
    for (View view : views) {
      try (PointerScope scope = new PointerScope()) {
        logits(image, view, outputs)
            .forEach((output, logits) -> sums.add(output, logits.softmax(1)));
      }
    }
    return sums.byOutput;
  }

  /// Logits at the picture's own size.
  private Map<String, Tensor> logits(Tensor image, View view, Set<String> outputs) {
    int width = (int) image.size(WIDTH_AXIS);
    int height = (int) image.size(HEIGHT_AXIS);
    Size seen = evaluation.seen(width, height, view.scale());
    Tensor scaled = resized(image, seen.width(), seen.height(), false);
    Tensor shown = view.mirrored() ? scaled.flip(WIDTH_AXIS) : scaled;
    Map<String, Tensor> logits =
        evaluation
            .sliding()
            .map(sliding -> slid(shown, sliding, outputs))
            .orElseGet(() -> run(graph, shown, outputs));
    Map<String, Tensor> sized = new HashMap<>();
    logits.forEach((output, scores) -> {
      Tensor back = resized(scores, width, height, alignsCorners);
      sized.put(output, view.mirrored() ? back.flip(WIDTH_AXIS) : back);
    });
    return sized;
  }

  /// The mean of the logits of all windows that see a pixel.
  private Map<String, Tensor> slid(Tensor image, Sliding sliding, Set<String> outputs) {
    int width = (int) image.size(WIDTH_AXIS);
    int height = (int) image.size(HEIGHT_AXIS);
    Map<String, Tensor> sums = new HashMap<>();
    Tensor seen = torch.zeros(new long[] {1, 1, height, width}, image.options());
    PointerScope outer = PointerScope.getInnerScope();
    for (Part part : sliding.over(width, height)) {
      try (PointerScope scope = new PointerScope()) {
        run(graph, of(image, part), outputs)
            .forEach((output, logits) -> {
              Tensor sum =
                  sums.computeIfAbsent(
                      output,
                      _ -> {
                        Tensor zeros =
                            torch.zeros(
                                new long[] {1, logits.size(1), height, width}, logits.options());
                        outer.attach(zeros);
                        return zeros;
                      });
              of(sum, part).add_(logits);
            });
        of(seen, part).add_(new Scalar(1f));
      }
    }
    sums.values().forEach(sum -> sum.div_(seen));
    return sums;
  }

  private static Tensor of(Tensor planes, Part part) {
    return planes
        .narrow(HEIGHT_AXIS, part.y(), part.height())
        .narrow(WIDTH_AXIS, part.x(), part.width());
  }

  private static Tensor resized(Tensor planes, int width, int height, boolean alignsCorners) {
    if (planes.size(WIDTH_AXIS) == width && planes.size(HEIGHT_AXIS) == height) {
      return planes;
    }
    return torch.upsample_bilinear2d(
        planes,
        new long[] {height, width},
        alignsCorners,
        new DoubleOptional(),
        new DoubleOptional());
  }

  private static Map<String, Tensor> run(TorchGraph graph, Tensor image, Set<String> outputs) {
    return graph.forward(Map.of(TorchGraph.IMAGE, image), Mode.EVALUATION, outputs);
  }

  /// Sums that live in the scope in which they were begun.
  private static final class Sums {

    private final PointerScope scope = PointerScope.getInnerScope();
    private final Map<String, Tensor> byOutput = new HashMap<>();

    void add(String output, Tensor values) {
      Tensor sum = byOutput.get(output);
      if (sum == null) {
        scope.attach(values);
        byOutput.put(output, values);
      } else {
        sum.add_(values);
      }
    }
  }

  private static boolean alignsCorners(OnnxGraph graph) {
    Optional<OnnxNode> maker = maker(graph, TorchGraph.LOGITS);
    while (maker.isPresent() && HARMLESS.contains(maker.get().operator())) {
      maker = maker(graph, maker.get().inputs().getFirst());
    }
    return maker
        .filter(node -> node.operator().equals("Resize"))
        .map(node ->
            node.text("coordinate_transformation_mode", "half_pixel").equals("align_corners"))
        .orElse(false);
  }

  private static OptionalLong planes(OnnxGraph graph) {
    return graph.inputs().stream()
        .filter(input -> input.name().equals(TorchGraph.IMAGE) && input.hasShape())
        .map(input -> input.shape().get(1))
        .filter(OnnxDimension::isFixed)
        .mapToLong(OnnxDimension::size)
        .findFirst();
  }

  private static Optional<OnnxNode> maker(OnnxGraph graph, String value) {
    return graph.nodes().stream().filter(node -> node.outputs().contains(value)).findFirst();
  }
}
