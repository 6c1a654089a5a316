package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.score.Scores;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Batches;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// Fits the weights of a graph to labelled pictures.
///
/// A step forgets all native memory that it made, by one scope; what outlives it (weights, state,
/// average) is made outside. Everything random is drawn from the seed and the number of the step,
/// so that a run which goes on from a checkpoint draws what an uninterrupted one would have. One
/// thread runs it; {@link #stop} may be called by any.
public final class Solver implements AutoCloseable {

  /// Goes on with `--resume`.
  public static final String LAST = "last.checkpoint";

  /// The graph that scored best.
  public static final String BEST = "best.onnx";

  private static final int PACE_WINDOW = 20;

  private final TorchGraph graph;
  private final Batches batches;
  private final Optional<Evaluator> evaluator;
  private final Recipe recipe;
  private final Path folder;
  private final Map<String, String> story;
  private final List<FitObserver> observers;
  private final Optimizer optimizer;
  private final Optional<WeightAverage> average;
  private final Lesson lesson;
  private final LossScaler scaler;
  private final Watch watch;
  private final Deque<long[]> pace = new ArrayDeque<>();

  private long step;
  private double bestIou = -1;
  private int sinceBest;
  private long bestStep;
  private long savedStep = -1;
  private Duration before = Duration.ZERO;
  private long startNanos;
  private volatile boolean stopping;

  /// How a run ended.
  ///
  /// @param step after which it ended
  /// @param why in words
  /// @param bestIou of all evaluations, or nothing if there was none
  /// @param bestStep after which it was reached
  /// @param stopped whether it is to go on another time
  public record Outcome(
      long step, String why, Optional<Double> bestIou, long bestStep, boolean stopped) {}

  /// @param graph owned by the caller, as are the batches and observers
  /// @param folder for checkpoints; exists
  /// @param story what else a checkpoint should remember, such as the command line
  public Solver(
      TorchGraph graph,
      Batches batches,
      Optional<Evaluator> evaluator,
      Recipe recipe,
      Path folder,
      Map<String, String> story,
      List<FitObserver> observers) {
    this.graph = graph;
    this.batches = batches;
    this.evaluator = evaluator;
    this.recipe = recipe;
    this.folder = folder;
    this.story = Map.copyOf(story);
    this.observers = List.copyOf(observers);
    optimizer = Optimizer.of(recipe.optimizer(), recipe.groups().learners(graph.parameters()));
    freeze();
    average =
        recipe.averageDecay() == 0
            ? Optional.empty()
            : Optional.of(new WeightAverage(graph.parameters(), recipe.averageDecay()));
    scaler = recipe.precision() == Precision.FP16 ? scaler(recipe.lossScale()) : LossScaler.none();
    watch = new Watch(optimizer.learners());
    lesson = new Lesson(graph, batches, recipe);
  }

  private static LossScaler scaler(double scale) {
    return scale == 0 ? LossScaler.dynamic() : LossScaler.fixed(scale);
  }

  /// Who does not learn needs no gradient.
  private void freeze() {
    Set<String> learning = new HashSet<>();
    optimizer.learners().forEach(learner -> learning.add(learner.name()));
    graph
        .parameters()
        .forEach(
            parameter -> parameter.tensor().set_requires_grad(learning.contains(parameter.name())));
  }

  /// Puts the run where the checkpoint was taken. The graph must have been loaded from the
  /// checkpoint's model, and the batches must begin after `step x accumulation`.
  public void restore(Checkpoint checkpoint) {
    checkpoint.restore(state());
    step = Long.parseLong(checkpoint.value("step"));
    optimizer.setUpdates(Long.parseLong(checkpoint.value("updates")));
    average.ifPresent(it -> it.setUpdates(Long.parseLong(checkpoint.value("average.updates"))));
    scaler.restore(
        Double.parseDouble(checkpoint.value("scale")), Integer.parseInt(checkpoint.value("good")));
    bestIou = Double.parseDouble(checkpoint.value("best"));
    bestStep = Long.parseLong(checkpoint.value("best.step"));
    sinceBest = Integer.parseInt(checkpoint.value("since.best"));
    before = Duration.ofMillis(Long.parseLong(checkpoint.value("elapsed.millis")));
    savedStep = step;
    if (!checkpoint.value("recipe").equals(recipe.toString())) {
      throw new SolverException(
          "the checkpoint is of another recipe: "
              + checkpoint.value("recipe")
              + ", now "
              + recipe
              + "; resume without other options, or start anew with --init");
    }
  }

  /// The step after which a checkpoint was taken.
  public static long stepOf(Checkpoint checkpoint) {
    return Long.parseLong(checkpoint.value("step"));
  }

  private Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(optimizer.state());
    average.ifPresent(
        it -> it.averages().forEach((name, tensor) -> state.put("average/" + name, tensor)));
    return state;
  }

  /// Makes the run end after the step that it is in, with a checkpoint. Any thread.
  public void stop() {
    stopping = true;
  }

  /// Runs to the end.
  public Outcome fit() {
    startNanos = System.nanoTime();
    while (recipe.progress(step, elapsed()) < 1) {
      if (stopping) {
        save();
        return outcome("stopped");
      }
      takeStep();
      boolean last = recipe.progress(step, elapsed()) >= 1;
      if (last || step % recipe.evaluateEvery() == 0) {
        evaluate();
        save();
        if (recipe.patience() > 0 && sinceBest >= recipe.patience()) {
          return outcome("no better in " + sinceBest + " evaluations");
        }
      } else if (step % recipe.saveEvery() == 0) {
        save();
      }
    }
    if (savedStep != step) {
      save();
    }
    return outcome("done");
  }

  private Outcome outcome(String why) {
    return new Outcome(
        step, why, bestIou < 0 ? Optional.empty() : Optional.of(bestIou), bestStep, stopping);
  }

  private Duration elapsed() {
    return before.plusNanos(System.nanoTime() - startNanos);
  }

  /// One change of the weights.
  private void takeStep() {
    double progress = recipe.progress(step, elapsed());
    double lr = recipe.optimizer().lr() * recipe.schedule().factor(step, progress);
    step++;
    watch.before(step);
    TorchGraph.seed(31 * recipe.seed() + step);
    StepGradient gradient = lesson.gradient(scaler.scale());
    if (gradient.pictures() > 0 && !Double.isFinite(gradient.loss())) {
      throw broken("the loss is " + gradient.loss());
    }
    double norm = gradient.pictures() == 0 ? 0 : change(lr, gradient.loss());
    report(progress, gradient.loss(), lr, norm, gradient.pictures());
  }

  /// @return length of the gradient
  private double change(double lr, double loss) {
    List<Tensor> gradients = optimizer.gradients();
    double norm = Gradients.norm(gradients) / scaler.scale();
    boolean finite = Double.isFinite(norm);
    double scale = scaler.scale();
    if (scaler.accepts(finite)) {
      double clipped = recipe.clip() > 0 && norm > recipe.clip() ? recipe.clip() / norm : 1;
      if (clipped / scale != 1) {
        Gradients.scale(gradients, clipped / scale);
      }
      optimizer.step(lr);
      average.ifPresent(WeightAverage::update);
      watch.after(step, loss, lr).forEach(this::note);
    } else if (recipe.precision() != Precision.FP16) {
      throw broken("the gradient's length is " + norm);
    }
    optimizer.forgetGradients();
    return norm;
  }

  private SolverException broken(String what) {
    double lr =
        recipe.optimizer().lr()
            * recipe.schedule().factor(step - 1, recipe.progress(step - 1, elapsed()));
    return new SolverException(
        what
            + " at step="
            + step
            + " lr="
            + lr
            + "; "
            + (savedStep >= 0
                ? "the last good checkpoint is " + folder.resolve(LAST) + " of step " + savedStep
                : "no checkpoint was saved yet")
            + "; give a lower --lr or a longer --warm-up"
            + (recipe.precision() == Precision.FP32 ? "" : ", or --precision fp32"));
  }

  private void report(double progress, double loss, double lr, double norm, int pictures) {
    pace.addLast(new long[] {System.nanoTime(), pictures});
    if (pace.size() > PACE_WINDOW) {
      pace.removeFirst();
    }
    double seconds = (pace.getLast()[0] - pace.getFirst()[0]) / 1e9;
    long seen = pace.stream().skip(1).mapToLong(entry -> entry[1]).sum();
    double perSecond = seconds > 0 ? seen / seconds : 0;
    double perStep = pace.size() > 1 ? seconds / (pace.size() - 1) : 0;
    double bySteps = (recipe.steps() - step) * perStep;
    Duration left = Duration.ofMillis((long) (1000 * bySteps));
    if (recipe.time().isPresent()) {
      Duration byTime = recipe.time().get().minus(elapsed());
      left = byTime.compareTo(left) < 0 ? byTime : left;
    }
    StepReport told =
        new StepReport(
            step, progress, loss, lr, norm, pictures, perSecond, batches.waitingFraction(), left);
    observers.forEach(observer -> observer.stepped(told));
  }

  private void note(String sentence) {
    observers.forEach(observer -> observer.noted(step, sentence));
  }

  /// Judges the average if there is one, else the weights, and keeps the best.
  private void evaluate() {
    if (evaluator.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    average.ifPresent(WeightAverage::exchange);
    try {
      Scores scores = evaluator.get().judge(graph).scores();
      watch.judged(scores).ifPresent(this::note);
      boolean best = scores.meanIou() > bestIou;
      sinceBest = best ? 0 : sinceBest + 1;
      if (best) {
        bestIou = scores.meanIou();
        bestStep = step;
        Checkpoint.write(folder.resolve(BEST), described(scores));
      }
      EvaluationReport report =
          new EvaluationReport(step, scores, best, Duration.ofNanos(System.nanoTime() - start));
      observers.forEach(observer -> observer.evaluated(report));
    } finally {
      average.ifPresent(WeightAverage::exchange);
      pace.clear();
    }
  }

  private OnnxModel described(Scores scores) {
    OnnxModel model = graph.toModel();
    model.metadata().put("maskstream.step", Long.toString(step));
    model.metadata().put("maskstream.mean_iou", Double.toString(scores.meanIou()));
    return model;
  }

  private void save() {
    Map<String, String> run = new LinkedHashMap<>(story);
    run.put("step", Long.toString(step));
    run.put("updates", Long.toString(optimizer.updates()));
    average.ifPresent(it -> run.put("average.updates", Long.toString(it.updates())));
    run.put("scale", Double.toString(scaler.scale()));
    run.put("good", Integer.toString(scaler.good()));
    run.put("best", Double.toString(bestIou));
    run.put("best.step", Long.toString(bestStep));
    run.put("since.best", Integer.toString(sinceBest));
    run.put("elapsed.millis", Long.toString(elapsed().toMillis()));
    run.put("recipe", recipe.toString());
    run.put("seed", Long.toString(recipe.seed()));
    Checkpoint.write(folder.resolve(LAST), graph.toModel(), state(), run);
    savedStep = step;
  }

  @Override
  public void close() {
    optimizer.close();
    average.ifPresent(WeightAverage::close);
    lesson.close();
  }
}
