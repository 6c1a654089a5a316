package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.Parameter;
import io.maskstream.trainer.autograd.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Who learns how fast: a factor by role, times that of the first rule whose pattern is found in
/// the parameter's name. A factor of 0 freezes.
///
/// @param biasFactor on biases; the FCN papers have 2
/// @param normFactor on scale and shift of normalisation
/// @param decay who is pulled to 0
/// @param rules in order of precedence
public record ParameterGroups(double biasFactor, double normFactor, Decay decay, List<Rule> rules) {

  /// Whom weight decay pulls to 0.
  public enum Decay {
    /// Weights alone, as Caffe's recipes of the FCN papers.
    WEIGHTS,
    /// Biases, scales and shifts too, as MMSegmentation and torchvision.
    ALL
  }

  /// @param pattern a regular expression
  /// @param factor on the learning rate
  public record Rule(String pattern, double factor) {
    public Rule {
      var _ = Pattern.compile(pattern);
      if (!(factor >= 0)) {
        throw new IllegalArgumentException("factor of " + pattern + " is negative: " + factor);
      }
    }
  }

  public ParameterGroups {
    rules = List.copyOf(rules);
  }

  /// All at one rate.
  public static ParameterGroups even() {
    return new ParameterGroups(1, 1, Decay.WEIGHTS, List.of());
  }

  /// Chooses who learns.
  List<Learner> learners(List<Parameter> parameters) {
    List<Learner> learners = new ArrayList<>();
    for (Parameter parameter : parameters) {
      double rate =
          switch (parameter.role()) {
            case WEIGHT -> 1;
            case BIAS -> biasFactor;
            case NORM -> normFactor;
            case BUFFER -> 0;
          };
      for (Rule rule : rules) {
        if (Pattern.compile(rule.pattern()).matcher(parameter.name()).find()) {
          rate *= rule.factor();
          break;
        }
      }
      if (rate > 0) {
        boolean decays = decay == Decay.ALL || parameter.role() == Role.WEIGHT;
        learners.add(new Learner(parameter, rate, decays));
      }
    }
    if (learners.isEmpty()) {
      throw new SolverException(
          "no parameter learns: every one of "
              + parameters.size()
              + " is frozen by "
              + rules
              + "; free the score layers at least");
    }
    return learners;
  }
}
