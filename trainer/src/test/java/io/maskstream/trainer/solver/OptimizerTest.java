package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.trainer.autograd.Parameter;
import io.maskstream.trainer.autograd.Role;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every rule against its formula written out for one number at a time, in double precision.
class OptimizerTest {

  private static final int SIZE = 50;
  private static final int STEPS = 12;

  private final Random random = new Random(4);
  private final double[][] gradients = new double[STEPS][SIZE];
  private final double[] start = new double[SIZE];

  OptimizerTest() {
    for (int i = 0; i < SIZE; i++) {
      start[i] = (float) random.nextGaussian();
      for (int step = 0; step < STEPS; step++) {
        gradients[step][i] = (float) random.nextGaussian();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, 0",
    "0.9, false, 0",
    "0.9, false, 0.01",
    "0.9, true, 0.01",
    "0.99, true, 0"
  })
  void sgdTakesTheStepsOfItsFormula(double momentum, boolean nesterov, double decay) {
    double[] expected = start.clone();
    double[] velocity = new double[SIZE];
    for (int step = 0; step < STEPS; step++) {
      double lr = 0.1 / (step + 1);
      for (int i = 0; i < SIZE; i++) {
        double g = gradients[step][i] + decay * expected[i];
        velocity[i] = momentum * velocity[i] + g;
        expected[i] -= lr * (nesterov ? g + momentum * velocity[i] : velocity[i]);
      }
    }
    assertThat(run(new OptimizerSettings.Sgd(0.1, momentum, nesterov, decay), Role.WEIGHT, 1))
        .containsExactly(expected, within(2e-5));
  }

  @Test
  void adamWTakesTheStepsOfItsFormula() {
    double[] expected = start.clone();
    double[] mean = new double[SIZE];
    double[] square = new double[SIZE];
    for (int step = 0; step < STEPS; step++) {
      double lr = 0.1 / (step + 1);
      for (int i = 0; i < SIZE; i++) {
        double g = gradients[step][i];
        mean[i] = 0.9 * mean[i] + 0.1 * g;
        square[i] = 0.999 * square[i] + 0.001 * g * g;
        double m = mean[i] / (1 - Math.pow(0.9, step + 1));
        double v = square[i] / (1 - Math.pow(0.999, step + 1));
        expected[i] -= lr * (m / (Math.sqrt(v) + 1e-8) + 0.05 * expected[i]);
      }
    }
    assertThat(run(new OptimizerSettings.AdamW(0.1, 0.9, 0.999, 1e-8, 0.05), Role.WEIGHT, 1))
        .containsExactly(expected, within(2e-5));
  }

  @Test
  void biasesHaveTheirOwnRateAndNoDecay() {
    double[] expected = start.clone();
    for (int step = 0; step < STEPS; step++) {
      for (int i = 0; i < SIZE; i++) {
        expected[i] -= 2 * 0.1 / (step + 1) * gradients[step][i];
      }
    }
    assertThat(run(new OptimizerSettings.Sgd(0.1, 0, false, 0.5), Role.BIAS, 2))
        .containsExactly(expected, within(2e-5));
  }

  @Test
  void theFirstRuleThatFitsCountsAndZeroFreezes() {
    try (PointerScope scope = new PointerScope()) {
      List<Parameter> parameters =
          List.of(
              parameter("trunk/conv1", Role.WEIGHT),
              parameter("trunk/conv1_bias", Role.BIAS),
              parameter("score/weight", Role.WEIGHT),
              parameter("score/bias", Role.BIAS),
              parameter("bn/mean", Role.BUFFER));
      ParameterGroups groups =
          new ParameterGroups(
              2,
              1,
              ParameterGroups.Decay.WEIGHTS,
              List.of(
                  new ParameterGroups.Rule("^score", 10),
                  new ParameterGroups.Rule("conv1", 0),
                  new ParameterGroups.Rule("weight", 7)));
      assertThat(groups.learners(parameters))
          .extracting(Learner::name, Learner::rate, Learner::decays)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("score/weight", 10.0, true),
              org.assertj.core.groups.Tuple.tuple("score/bias", 20.0, false));
      assertThatThrownBy(() ->
              new ParameterGroups(
                      1,
                      1,
                      ParameterGroups.Decay.WEIGHTS,
                      List.of(new ParameterGroups.Rule(".", 0)))
                  .learners(parameters))
          .hasMessageContaining("no parameter learns");
    }
  }

  @Test
  void theAverageFollowsItsFormulaAndChangesPlacesWithTheWeights() {
    double average = 1;
    try (PointerScope scope = new PointerScope();
        Tensor weight = Tensor.create(1f)) {
      try (WeightAverage ema =
          new WeightAverage(List.of(new Parameter("w", Role.WEIGHT, weight)), 0.9)) {
        for (int step = 1; step <= 200; step++) {
          weight.data_ptr_float().put(step);
          ema.update();
          double kept = Math.min(0.9, (1.0 + step) / (10 + step));
          average = kept * average + (1 - kept) * step;
        }
        ema.exchange();
        assertThat(weight.item_double()).isCloseTo(average, within(1e-3));
        ema.exchange();
        assertThat(weight.item_double()).isEqualTo(200);
      }
    }
  }

  @Test
  void theScaleHalvesWhenGradientsOverflowAndGrowsWhenTheyDoNot() {
    LossScaler scaler = LossScaler.dynamic();
    assertThat(scaler.accepts(false)).isFalse();
    assertThat(scaler.scale()).isEqualTo(32768);
    for (int i = 0; i < 2000; i++) {
      assertThat(scaler.accepts(true)).isTrue();
    }
    assertThat(scaler.scale()).isEqualTo(65536);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 40; i++) {
                scaler.accepts(false);
              }
            })
        .hasMessageContaining("bf16");
  }

  private double[] run(OptimizerSettings settings, Role role, double rate) {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        values[i] = (float) start[i];
      }
      Tensor weight = Tensor.create(values);
      weight.set_requires_grad(true);
      Learner learner = new Learner(new Parameter("w", role, weight), rate, role == Role.WEIGHT);
      try (Optimizer optimizer = Optimizer.of(settings, List.of(learner))) {
        for (int step = 0; step < STEPS; step++) {
          float[] gradient = new float[SIZE];
          for (int i = 0; i < SIZE; i++) {
            gradient[i] = (float) gradients[step][i];
          }
          // The gradient of sum(w * g) by w is g.
          weight.mul(Tensor.create(gradient)).sum().backward();
          optimizer.step(0.1 / (step + 1));
          optimizer.forgetGradients();
        }
      }
      float[] got = new float[SIZE];
      weight.data_ptr_float().get(got);
      double[] wide = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        wide[i] = got[i];
      }
      return wide;
    }
  }

  private static Parameter parameter(String name, Role role) {
    return new Parameter(name, role, Tensor.create(1f));
  }
}
