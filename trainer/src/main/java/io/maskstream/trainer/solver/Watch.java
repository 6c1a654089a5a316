package io.maskstream.trainer.solver;

import io.maskstream.score.Scores;
import io.maskstream.trainer.autograd.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// Watches the first steps of a run and says in words when it cannot work. Says each thing once.
/// Owns nothing between steps; used by the thread that fits alone.
final class Watch {

  /// Steps after which the size of a step is looked at. Behind a score layer of zeros the trunk's
  /// gradients are zero too, so the first few say nothing.
  private static final Set<Long> LOOKS = Set.of(5L, 20L, 100L);

  private static final int START = 20;
  private static final int WINDOW = 100;

  /// A float32 has 24 bits: a smaller change is lost in rounding.
  private static final double LOST = 6e-8;

  private static final double ABSURD = 0.1;

  private final List<Learner> learners;
  private final Map<String, Tensor> before = new LinkedHashMap<>();
  private final Set<String> said = new HashSet<>();
  private final double[] recent = new double[WINDOW];
  private double startSum;
  private int losses;

  Watch(List<Learner> learners) {
    this.learners =
        learners.stream().filter(learner -> learner.parameter().role() == Role.WEIGHT).toList();
  }

  /// Before the weights change.
  void before(long step) {
    if (LOOKS.contains(step)) {
      try (NoGradGuard guard = new NoGradGuard()) {
        for (Learner learner : learners) {
          before.put(learner.name(), learner.tensor().detach().clone());
        }
      }
    }
  }

  /// After the weights changed.
  ///
  /// @param loss of the step
  /// @return what a person should know
  List<String> after(long step, double loss, double lr) {
    List<String> findings = new ArrayList<>();
    if (!before.isEmpty()) {
      stepSize(lr).ifPresent(findings::add);
    }
    if (losses < START) {
      startSum += loss;
    }
    recent[losses++ % WINDOW] = loss;
    if (losses >= START + WINDOW) {
      double start = startSum / START;
      double now = Arrays.stream(recent).average().orElse(loss);
      if (now > 1.5 * start && said.add("rising")) {
        findings.add(
            String.format(
                Locale.ROOT,
                "the loss rose from %.3f to %.3f: the learning rate %.3g is too high; stop, and give "
                    + "a tenth of it",
                start,
                now,
                lr));
      } else if (losses == START + 2 * WINDOW && now > 0.97 * start && said.add("level")) {
        findings.add(
            String.format(
                Locale.ROOT,
                "the loss does not fall (%.3f, then %.3f): look at the labels, whether the classes "
                    + "are the right ones, and at the normalisation that the graph wants; or the "
                    + "learning rate %.3g is too low",
                start,
                now,
                lr));
      }
    }
    return findings;
  }

  private Optional<String> stepSize(double lr) {
    double[] ratios = new double[learners.size()];
    int count = 0;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Learner learner : learners) {
        Tensor old = before.get(learner.name());
        if (old == null) {
          continue;
        }
        double size = old.norm().item_double();
        if (size > 0) {
          ratios[count++] = learner.tensor().sub(old).norm().item_double() / size;
        }
      }
    }
    before.values().forEach(Tensor::close);
    before.clear();
    if (count == 0) {
      return Optional.empty();
    }
    double median = Arrays.stream(ratios, 0, count).sorted().toArray()[count / 2];
    if (median > ABSURD && said.add("absurd")) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "one step changes half of the layers by %.0f %% of their size or more: the learning "
                  + "rate %.3g is absurd; give a hundredth of it",
              100 * median,
              lr));
    }
    if (median < LOST && said.add("lost")) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "one step changes half of the layers by %.1g of their size or less, which float32 "
                  + "rounds away: nothing is learnt; the learning rate %.3g is too low, or the "
                  + "layers before the scores get no gradient",
              median,
              lr));
    }
    return Optional.empty();
  }

  /// Looks at an evaluation.
  Optional<String> judged(Scores scores) {
    for (int k = 0; k < scores.perClass().size(); k++) {
      double predicted = scores.perClass().get(k).predicted() / (double) scores.pixels();
      double truth = scores.perClass().get(k).truth() / (double) scores.pixels();
      if (predicted > 0.99 && truth < 0.9 && said.add("constant")) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "the net says class %d of %.1f %% of all pixels, which is true of %.1f %%: it has "
                    + "learnt nothing but the commonest class; raise the learning rate, or look at "
                    + "the trunk's weights and the normalisation",
                k,
                100 * predicted,
                100 * truth));
      }
    }
    return Optional.empty();
  }
}
