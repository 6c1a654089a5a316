package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// An ONNX graph that libtorch runs, node by node, with autograd. Its weights are the graph's
/// initializers; [#toModel] writes them back.
///
/// Who owns native memory: this graph owns parameters and constants until it is closed. What a run
/// makes on its way is freed when the node that reads it last has run; autograd keeps for itself
/// what it needs. What a run gives, the caller owns: it is attached to the caller's innermost
/// [PointerScope], of which a training loop opens one for each step.
///
/// Not thread-safe: one thread uses it, which is also the one that opens the scopes.
public final class TorchGraph implements AutoCloseable {

  /// Input of a trainable graph: float [N,3,H,W], RGB, 0 to 255.
  public static final String IMAGE = "image";

  /// Output of a trainable graph: float [N,classes,H,W].
  public static final String LOGITS = "logits";

  private static final long LOWEST_OPSET = 13;

  /// The model without the numbers of its parameters, which live in their tensors.
  private final OnnxModel frame;

  private final Placement placement;
  private final ScalarType real;
  private final Map<String, Value.Constant> constants = new LinkedHashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<OnnxNode, Kernel> kernels = new LinkedHashMap<>();
  private final Map<Set<String>, Schedule> schedules = new HashMap<>();

  private TorchGraph(OnnxModel model, Placement placement, ScalarType real) {
    frame = model;
    this.placement = placement;
    this.real = real;
  }

  /// Reads a graph whose constants are initializers, as importing makes it.
  ///
  /// @throws OnnxException naming the first node that has no kernel
  public static TorchGraph load(OnnxModel model, Placement placement) {
    return load(model, placement, ScalarType.Float);
  }

  /// @param real what float32 becomes; float64 shows whether gradients are right
  static TorchGraph load(OnnxModel model, Placement placement, ScalarType real) {
    if (model.opset() < LOWEST_OPSET) {
      throw new OnnxException(
          "graph "
              + model.graph().name()
              + " stands on opset "
              + model.opset()
              + "; import it first, which brings it to 17 or later");
    }
    model.graph().check();
    TorchGraph graph = new TorchGraph(model.copy(), placement, real);
    try {
      graph.load();
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
    return graph;
  }

  private void load() {
    OnnxGraph graph = frame.graph();
    Constants.hoist(graph);
    for (OnnxNode node : graph.nodes()) {
      kernels.put(node, Operators.kernel(node, frame.opset()));
    }
    Map<String, Role> roles = Roles.of(graph);
    for (OnnxTensor initializer : List.copyOf(graph.initializers())) {
      Role role = roles.get(initializer.name());
      // The parameters outlive any scope: they are kept by a reference of our own.
      try (PointerScope scope = new PointerScope()) {
        Tensor tensor = Constants.tensor(initializer, real, placement);
        tensor.retainReference();
        constants.put(
            initializer.name(),
            new Value.Constant(tensor, role == null ? Constants.known(initializer) : null));
        if (role != null) {
          tensor.set_requires_grad(role.isLearned());
          parameters.add(new Parameter(initializer.name(), role, tensor));
          graph.add(OnnxTensor.ofFloats(initializer.name(), new long[] {0}));
        }
      }
    }
  }

  /// Everything that training changes, in the order of the file.
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  public Placement placement() {
    return placement;
  }

  /// Nodes, inputs and outputs; a copy, without the numbers of the parameters.
  public OnnxModel outline() {
    return frame.copy();
  }

  /// Names of what can be asked of [#forward].
  public Set<String> outputs() {
    Set<String> names = new LinkedHashSet<>();
    frame.graph().outputs().forEach(output -> names.add(output.name()));
    return names;
  }

  /// Seeds the generators of all devices, from which dropout draws. They are libtorch's, shared by
  /// all graphs of the program.
  public static void seed(long seed) {
    torch.manual_seed(seed);
  }

  /// Sets how many threads of the CPU every graph of the program computes with. More than there are
  /// idle cores makes it slower many times over, because they wait for each other awake.
  public static void useThreads(int threads) {
    torch.set_num_threads(threads);
    // OpenBLAS has threads of its own, which no convolution needs: oneDNN computes those. Beside
    // another busy program, its small products waited for them most of the time.
    openblas_nolapack.blas_set_num_threads(1);
  }

  /// Runs the nodes that these outputs need.
  ///
  /// @param inputs by name; copied to the graph's device and layout where they are elsewhere
  /// @return the outputs, the caller's
  /// @throws TorchException naming the node that could not run
  public Map<String, Tensor> forward(Map<String, Tensor> inputs, Mode mode, Set<String> outputs) {
    Schedule schedule = schedule(outputs);
    Call.Circumstances circumstances = circumstances(mode, null);
    if (mode != Mode.EVALUATION) {
      return forward(inputs, circumstances, schedule, outputs);
    }
    try (NoGradGuard guard = new NoGradGuard()) {
      return forward(inputs, circumstances, schedule, outputs);
    }
  }

  /// Runs the nodes that these outputs need, for training, batch norms by the statistics of all
  /// batches of a step.
  ///
  /// @param joint of a step of which these inputs are a part
  public Map<String, Tensor> forward(
      Map<String, Tensor> inputs, JointStatistics joint, Set<String> outputs) {
    return forward(inputs, circumstances(Mode.TRAINING, joint), schedule(outputs), outputs);
  }

  /// Finds the statistics of batch norms over all batches of a step, which go through the graph
  /// abreast, node by node and without a gradient; moves the running statistics once.
  ///
  /// @param inputs of each batch, by name
  /// @return in the caller's innermost scope
  public JointStatistics statistics(List<Map<String, Tensor>> inputs, Set<String> outputs) {
    JointStatistics joint = new JointStatistics();
    Call.Circumstances circumstances = circumstances(Mode.TRAINING, joint);
    List<Edges> abreast = inputs.stream().map(_ -> new Edges(constants)).toList();
    try (NoGradGuard guard = new NoGradGuard()) {
      for (int i = 0; i < inputs.size(); i++) {
        Edges edges = abreast.get(i);
        inputs.get(i).forEach((name, tensor) -> edges.feed(name, tensor, placement));
      }
      for (Schedule.Step step : schedule(outputs).steps()) {
        OnnxNode node = step.node();
        if (node.operator().equals("BatchNormalization")) {
          List<JointStatistics.Moments> parts = new ArrayList<>();
          for (Edges edges : abreast) {
            parts.add(JointStatistics.Moments.of(edges.get(node.input(0)).tensor().to(real)));
          }
          JointStatistics.Moments all = JointStatistics.Moments.joined(parts);
          joint.put(node.output(), all);
          Edges any = abreast.getFirst();
          Normalizations.move(
              node, all, any.get(node.input(3)).tensor(), any.get(node.input(4)).tensor());
        }
        for (Edges edges : abreast) {
          run(node, edges, circumstances);
          step.dying().forEach(edges::drop);
        }
      }
      return joint;
    } finally {
      abreast.forEach(Edges::close);
    }
  }

  private Schedule schedule(Set<String> outputs) {
    return schedules.computeIfAbsent(
        Set.copyOf(outputs), names -> Schedule.of(frame.graph(), names));
  }

  private Call.Circumstances circumstances(Mode mode, @Nullable JointStatistics joint) {
    return new Call.Circumstances(mode, real, placement.device(), joint);
  }

  private Map<String, Tensor> forward(
      Map<String, Tensor> inputs,
      Call.Circumstances circumstances,
      Schedule schedule,
      Set<String> outputs) {
    try (Edges edges = new Edges(constants)) {
      for (OnnxValue input : frame.graph().inputs()) {
        Tensor fed = inputs.get(input.name());
        if (fed != null) {
          edges.feed(input.name(), fed, placement);
        } else if (schedule.reads().contains(input.name())) {
          throw new IllegalArgumentException("input " + input.name() + " is not given");
        }
      }
      for (Schedule.Step step : schedule.steps()) {
        run(step.node(), edges, circumstances);
        step.dying().forEach(edges::drop);
      }
      Map<String, Tensor> given = new LinkedHashMap<>();
      outputs.forEach(name -> given.put(name, edges.give(name)));
      return given;
    }
  }

  private void run(OnnxNode node, Edges edges, Call.Circumstances circumstances) {
    List<@Nullable Value> operands = new ArrayList<>();
    for (String name : node.inputs()) {
      operands.add(name.isEmpty() ? null : edges.get(name));
    }
    Kernel kernel = kernels.get(node);
    if (kernel == null) {
      throw new IllegalStateException("no kernel for " + node);
    }
    try (PointerScope scope = new PointerScope()) {
      List<Tensor> made = kernel.run(new Call(operands, circumstances));
      for (int i = 0; i < node.outputs().size(); i++) {
        if (!node.outputs().get(i).isEmpty()) {
          edges.keep(node.outputs().get(i), made.get(i), operands);
        }
      }
    } catch (RuntimeException e) {
      throw new TorchException(Failures.describe(node, operands, e), e);
    }
  }

  /// The graph with the weights as they are now, in float32. A copy: training may go on.
  public OnnxModel toModel() {
    OnnxModel written = frame.copy();
    for (Parameter parameter : parameters) {
      written.graph().add(HostArrays.constant(parameter.name(), parameter.tensor()));
    }
    return written;
  }

  /// Frees parameters and constants. What runs have given stays.
  @Override
  public void close() {
    constants.values().forEach(constant -> constant.tensor().close());
    constants.clear();
    parameters.clear();
  }
}
