package io.maskstream.trainer.data;

import io.maskstream.trainer.data.Survey.ClassCount;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How much more a rare class's pixel counts. A class that no picture shows gets 0.
public enum ClassWeights {
  /// Every pixel counts the same.
  EVEN,
  /// The median of the classes' frequencies over the class's own, frequency being its share of the
  /// pictures that show it (Eigen & Fergus 2015, section 6.3.2).
  MEDIAN_FREQUENCY,
  /// 1 / ln(1.02 + share) (Paszke et al. 2016, ENet, section 5.2).
  INVERSE_LOG;

  private static final double LOG_OFFSET = 1.02;

  /// By class id.
  public List<Double> of(Survey survey) {
    return switch (this) {
      case EVEN -> weights(survey, _ -> 1);
      case MEDIAN_FREQUENCY -> {
        double[] frequencies =
            survey.classes().stream()
                .filter(each -> each.pixels() > 0)
                .mapToDouble(ClassWeights::frequency)
                .sorted()
                .toArray();
        int n = frequencies.length;
        double median = n == 0 ? 0 : (frequencies[(n - 1) / 2] + frequencies[n / 2]) / 2;
        yield weights(survey, each -> median / frequency(each));
      }
      case INVERSE_LOG -> {
        double all = survey.pixels();
        yield weights(survey, each -> 1 / Math.log(LOG_OFFSET + each.pixels() / all));
      }
    };
  }

  private static double frequency(ClassCount each) {
    return each.pixels() / (double) each.pixelsThere();
  }

  private static List<Double> weights(Survey survey, ToDoubleFunction<ClassCount> weight) {
    return survey.classes().stream()
        .map(each -> each.pixels() == 0 ? 0.0 : weight.applyAsDouble(each))
        .toList();
  }
}
