package io.maskstream.trainer.cli;

import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.data.ClassWeights;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Survey;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.solver.LossSettings;
import io.maskstream.trainer.solver.LossSettings.HardPixels;
import io.maskstream.trainer.solver.LossSettings.Reduction;
import io.maskstream.trainer.solver.OptimizerSettings;
import io.maskstream.trainer.solver.ParameterGroups;
import io.maskstream.trainer.solver.ParameterGroups.Decay;
import io.maskstream.trainer.solver.ParameterGroups.Rule;
import io.maskstream.trainer.solver.Recipe;
import io.maskstream.trainer.solver.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How to learn. The defaults fine-tune a net that was trained on pictures before.
final class RecipeOptions {

  /// Of a run that is told neither steps nor epochs nor minutes.
  private static final int EPOCHS = 60;

  private static final int EVALUATIONS = 15;
  private static final int SAVES = 60;

  /// Rules that turn gradients into steps.
  enum Descent {
    SGD,
    ADAMW
  }

  /// Curves of the learning rate.
  enum Fall {
    POLY,
    STEP,
    LEVEL
  }

  @Option(names = "--steps", paramLabel = "N", description = "Changes of the weights.")
  @Nullable Long steps;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training pictures (default: " + EPOCHS + ").")
  @Nullable Integer epochs;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Ends after this time, evaluations included; the schedule follows the clock.")
  @Nullable Double minutes;

  @Option(
      names = "--batch",
      defaultValue = "8",
      paramLabel = "N",
      description = "Pictures a batch (default: ${DEFAULT-VALUE}).")
  int batch = 8;

  @Option(
      names = "--accumulate",
      defaultValue = "1",
      paramLabel = "N",
      description = "Batches a step (default: ${DEFAULT-VALUE}).")
  int accumulate = 1;

  @Option(
      names = "--optimizer",
      defaultValue = "adamw",
      description = "adamw or sgd (default: ${DEFAULT-VALUE}).")
  Descent optimizer = Descent.ADAMW;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Learning rate at its peak (default: 0.0003 for adamw, 0.001 for sgd).")
  @Nullable Double lr;

  @Option(
      names = "--momentum",
      defaultValue = "0.9",
      description = "Of sgd (default: ${DEFAULT-VALUE}).")
  double momentum = 0.9;

  @Option(names = "--nesterov", description = "Looks ahead of the momentum.")
  boolean nesterov;

  @Option(
      names = "--weight-decay",
      description = "How much --decays are pulled to 0 (default: 0.01 for adamw, 0.0005 for sgd).")
  @Nullable Double weightDecay;

  @Option(
      names = "--decays",
      defaultValue = "weights",
      description = "weights alone, or all: biases and norms too (default: ${DEFAULT-VALUE}).")
  Decay decays = Decay.WEIGHTS;

  @Option(
      names = "--lr-factor",
      split = ",",
      paramLabel = "REGEX=X",
      description = {
        "Factor on the rate of parameters whose name the pattern is found in; 0 freezes them.",
        "Given first, counts first; then --score-factor."
      })
  Map<String, Double> factors = Map.of();

  @Option(
      names = "--score-factor",
      paramLabel = "X",
      description = "Factor on the rate of score layers (default: 10, or 1 if they are not new).")
  @Nullable Double scoreFactor;

  @Option(
      names = "--bias-factor",
      defaultValue = "2",
      description = "Factor on the rate of biases (default: ${DEFAULT-VALUE}).")
  double biasFactor = 2;

  @Option(
      names = "--schedule",
      defaultValue = "poly",
      description = "poly, step or level (default: ${DEFAULT-VALUE}).")
  Fall schedule = Fall.POLY;

  @Option(
      names = "--power",
      defaultValue = "0.9",
      description = "Of the poly schedule (default: ${DEFAULT-VALUE}).")
  double power = 0.9;

  @Option(
      names = "--lr-end",
      defaultValue = "0",
      paramLabel = "RATE",
      description = "Where the poly schedule ends (default: ${DEFAULT-VALUE}).")
  double lrEnd;

  @Option(
      names = "--warm-up",
      defaultValue = "100",
      paramLabel = "STEPS",
      description = "The rate first rises over these steps (default: ${DEFAULT-VALUE}).")
  long warmUp = 100;

  @Option(
      names = "--clip",
      defaultValue = "5",
      paramLabel = "NORM",
      description = "Most length of the gradient; 0 is any (default: ${DEFAULT-VALUE}).")
  double clip = 5;

  @Option(
      names = "--average",
      defaultValue = "0.998",
      paramLabel = "DECAY",
      description =
          "Of the moving average of weights, which is what is judged and kept; 0 keeps the weights "
              + "themselves (default: ${DEFAULT-VALUE}).")
  double average = 0.998;

  @Option(
      names = "--class-weights",
      defaultValue = "even",
      description =
          "even, median_frequency or inverse_log: how much more pixels of rare classes count "
              + "(default: ${DEFAULT-VALUE}).")
  ClassWeights classWeights = ClassWeights.EVEN;

  @Option(
      names = "--loss",
      defaultValue = "mean",
      description = {
        "mean over labelled pixels, mean_of_all as mmsegmentation has it, or sum, as the FCN papers "
            + "do with rates of 1e-10 (default: ${DEFAULT-VALUE})."
      })
  Reduction reduction = Reduction.MEAN;

  @Option(
      names = "--hard-pixels",
      paramLabel = "P/LEAST",
      description =
          "Counts pixels alone whose class has a probability below P, but LEAST a picture: 0.7/100000"
              + " is mmsegmentation's OHEM.")
  @Nullable String hardPixels;

  @Option(
      names = "--loss-share",
      defaultValue = "1",
      paramLabel = "P",
      description = "Of a picture's patches that count, drawn each step (default: all).")
  double lossShare = 1;

  @Option(
      names = "--auxiliary",
      defaultValue = "0.4",
      paramLabel = "WEIGHT",
      description = "Of the loss of auxiliary outputs (default: ${DEFAULT-VALUE}).")
  double auxiliary = 0.4;

  @Option(
      names = "--precision",
      defaultValue = "fp32",
      description = "fp32, bf16, or fp16 on CUDA (default: ${DEFAULT-VALUE}).")
  Precision precision = Precision.FP32;

  @Option(
      names = "--loss-scale",
      defaultValue = "0",
      paramLabel = "X",
      description = "Of fp16, where it is not to find one by itself.")
  double lossScale;

  @Option(
      names = "--fixed-statistics",
      description =
          "Batch normalisation by the statistics that it came with, for batches too small to have "
              + "any.")
  boolean fixedStatistics;

  @Option(
      names = "--joint-statistics",
      description = {
        "Batch normalisation over all batches of a step (--accumulate) as if they were one, at the "
            + "price of a second forward pass."
      })
  boolean jointStatistics;

  @Option(
      names = "--evaluate-every",
      paramLabel = "STEPS",
      description = "Between evaluations (default: a fifteenth of the run).")
  @Nullable Long evaluateEvery;

  @Option(
      names = "--save-every",
      paramLabel = "STEPS",
      description = "Between checkpoints (default: a sixtieth of the run).")
  @Nullable Long saveEvery;

  @Option(
      names = "--patience",
      defaultValue = "0",
      paramLabel = "N",
      description = "Ends after so many evaluations without a new best; 0 is never.")
  int patience;

  @Option(
      names = "--seed",
      defaultValue = "1337",
      description = "Of all that is drawn (default: ${DEFAULT-VALUE}).")
  long seed = 1337;

  /// @param scores factor on the rate of score layers, where none was given
  Recipe recipe(LabelledSet train, double scores) {
    long perEpoch = Math.max(1, train.size() / ((long) batch * accumulate));
    long nominal = perEpoch * (epochs == null ? EPOCHS : epochs);
    long wanted = steps != null ? steps : nominal;
    boolean onlyTime = minutes != null && steps == null && epochs == null;
    List<Rule> rules = new ArrayList<>();
    factors.forEach((pattern, factor) -> rules.add(new Rule(pattern, factor)));
    rules.add(new Rule("^" + Trainable.SCORE, or(scoreFactor, scores)));
    OptimizerSettings optimizer = optimizer();
    return new Recipe(
        onlyTime ? Integer.MAX_VALUE : wanted,
        Optional.ofNullable(minutes).map(limit -> Duration.ofSeconds(Math.round(60 * limit))),
        optimizer,
        new ParameterGroups(biasFactor, 1, decays, rules),
        new Schedule(shape(optimizer.lr()), warmUp),
        loss(train),
        accumulate,
        clip,
        average,
        precision,
        lossScale,
        fixedStatistics ? Mode.FIXED_STATISTICS : Mode.TRAINING,
        jointStatistics && accumulate > 1,
        evaluateEvery != null ? evaluateEvery : Math.max(1, Math.ceilDiv(wanted, EVALUATIONS)),
        saveEvery != null ? saveEvery : Math.max(1, Math.ceilDiv(wanted, SAVES)),
        patience,
        seed);
  }

  private OptimizerSettings optimizer() {
    return switch (optimizer) {
      case SGD ->
          new OptimizerSettings.Sgd(or(lr, 1e-3), momentum, nesterov, or(weightDecay, 5e-4));
      case ADAMW ->
          new OptimizerSettings.AdamW(or(lr, 3e-4), 0.9, 0.999, 1e-8, or(weightDecay, 0.01));
    };
  }

  private static double or(@Nullable Double said, double otherwise) {
    return said == null ? otherwise : said;
  }

  private Schedule.Shape shape(double peak) {
    return switch (schedule) {
      case POLY -> new Schedule.Poly(power, lrEnd / peak);
      case STEP -> new Schedule.Steps(List.of(0.6, 0.85), 0.1);
      case LEVEL -> new Schedule.Level();
    };
  }

  private LossSettings loss(LabelledSet train) {
    List<Float> weights =
        classWeights == ClassWeights.EVEN
            ? List.of()
            : classWeights.of(Survey.of(train, _ -> {})).stream().map(Double::floatValue).toList();
    return new LossSettings(
        reduction,
        weights,
        auxiliary,
        Optional.ofNullable(hardPixels).map(RecipeOptions::hard),
        lossShare);
  }

  private static HardPixels hard(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2) {
        return new HardPixels(Double.parseDouble(parts[0]), Long.parseLong(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no numbers in --hard-pixels " + text, e);
    }
    throw new IllegalArgumentException(
        "--hard-pixels " + text + " is not P/LEAST, such as 0.7/100000");
  }
}
