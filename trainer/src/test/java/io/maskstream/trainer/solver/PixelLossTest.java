package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.solver.LossSettings.HardPixels;
import io.maskstream.trainer.solver.LossSettings.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/// Against cross entropy written out, pixel by pixel, in doubles.
class PixelLossTest {

  private static final int PICTURES = 2;
  private static final int CLASSES = 3;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final int PIXELS = HEIGHT * WIDTH;

  private final float[] scores = drawnScores(1, CLASSES);
  private final long[] labels = drawnLabels(2, CLASSES);

  @Test
  void meansAndSumsLeaveOutIgnoredPixelsOrCountThemInTheDivisor() {
    List<Double> losses = losses(scores, labels, CLASSES);
    double sum = losses.stream().mapToDouble(each -> each).sum();
    assertThat(loss(settings(Reduction.SUM))).isCloseTo(sum, within(1e-3));
    assertThat(loss(settings(Reduction.MEAN))).isCloseTo(sum / losses.size(), within(1e-5));
    assertThat(loss(settings(Reduction.MEAN_OF_ALL)))
        .isCloseTo(sum / (PICTURES * PIXELS), within(1e-5));
    assertThat(losses.size()).isBetween(1, PICTURES * PIXELS - 1);
  }

  @Test
  void aClassWeightCountsInSumAndDivisor() {
    List<Float> weights = List.of(1f, 4f, 0.5f);
    double sum = 0;
    double divisor = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 255) {
        float weight = weights.get((int) labels[i]);
        sum += weight * -Math.log(probability(scores, i, (int) labels[i], CLASSES));
        divisor += weight;
      }
    }
    LossSettings weighted = new LossSettings(Reduction.MEAN, weights, 0, Optional.empty(), 1);
    assertThat(loss(weighted)).isCloseTo(sum / divisor, within(1e-5));
  }

  @Test
  void hardPixelsAreThoseThatTheNetKnowsLeast() {
    List<Double> losses = losses(scores, labels, CLASSES);
    List<Double> below = losses.stream().filter(loss -> loss >= -Math.log(0.2)).toList();
    assertThat(below).hasSizeBetween(5, losses.size() - 10);
    assertThat(loss(hard(0.2, 1)))
        .isCloseTo(below.stream().mapToDouble(each -> each).average().orElse(0), within(1e-5));
    List<Double> hardest = losses.stream().sorted(Comparator.reverseOrder()).limit(60).toList();
    assertThat(below.size()).isLessThan(50);
    int least = 25; // for each of two pictures
    assertThat(loss(hard(0.2, least)))
        .isCloseTo(
            hardest.stream().limit(50).mapToDouble(each -> each).average().orElse(0), within(1e-5));
    assertThat(loss(hard(0, 100_000)))
        .isCloseTo(losses.stream().mapToDouble(each -> each).average().orElse(0), within(1e-5));
  }

  @Test
  void patchesOf32PixelsAreLeftOutWhole() {
    long[] all = new long[PICTURES * 100 * 70];
    LossSettings half = new LossSettings(Reduction.MEAN, List.of(), 0, Optional.empty(), 0.5);
    try (PointerScope scope = new PointerScope();
        PixelLoss loss = new PixelLoss(half, "logits", Placement.cpu().device())) {
      torch.manual_seed(3);
      int counted = 0;
      for (int step = 0; step < 50; step++) {
        BatchLabels drawn =
            loss.drawn(new BatchLabels(Tensor.create(all, PICTURES, 100, 70), Map.of()));
        long[] ids = new long[all.length];
        drawn.classes().contiguous().data_ptr_long().get(ids);
        for (int i = 0; i < ids.length; i++) {
          int y = i / 70 % 100;
          int x = i % 70;
          int corner = i / 7000 * 7000 + y / 32 * 32 * 70 + x / 32 * 32;
          assertThat(ids[i]).isEqualTo(ids[corner]).isIn(0L, 255L);
          counted += ids[i] == 0 ? 1 : 0;
        }
      }
      assertThat(counted / (50.0 * all.length)).isCloseTo(0.5, within(0.05));
    }
  }

  /// SIFT Flow's two heads: each by its own labels, one as heavy as the other. An auxiliary head
  /// tells the main classes again, at its weight.
  @Test
  void headsWithLabelsOfTheirOwnCountInFull() {
    float[] geometry = drawnScores(5, 4);
    long[] horizontal = drawnLabels(6, 4);
    float[] again = drawnScores(7, CLASSES);
    double expected =
        mean(losses(scores, labels, CLASSES))
            + mean(losses(geometry, horizontal, 4))
            + 0.4 * mean(losses(again, labels, CLASSES));
    try (PointerScope scope = new PointerScope();
        PixelLoss loss = new PixelLoss(LossSettings.mean(), "logits", Placement.cpu().device())) {
      Map<String, Tensor> outputs =
          Map.of(
              "logits", tensor(scores, CLASSES),
              "geometry", tensor(geometry, 4),
              "auxiliary", tensor(again, CLASSES));
      BatchLabels both = new BatchLabels(ids(labels), Map.of("geometry", ids(horizontal)));
      assertThat(loss.of(outputs, both).item_double()).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void refusesWhatIsNoLoss() {
    assertThatThrownBy(() -> new HardPixels(1.2, 1)).hasMessageContaining("probability=1.2");
    assertThatThrownBy(
            () -> new LossSettings(Reduction.MEAN_OF_ALL, List.of(1f), 0, Optional.empty(), 1))
        .hasMessageContaining("take the mean over labelled ones");
    assertThatThrownBy(() -> new LossSettings(Reduction.MEAN, List.of(), 0, Optional.empty(), 0))
        .hasMessageContaining("must be above 0");
  }

  private static LossSettings settings(Reduction reduction) {
    return new LossSettings(reduction, List.of(), 0, Optional.empty(), 1);
  }

  private static LossSettings hard(double probability, long least) {
    return new LossSettings(
        Reduction.MEAN, List.of(), 0, Optional.of(new HardPixels(probability, least)), 1);
  }

  private double loss(LossSettings settings) {
    try (PointerScope scope = new PointerScope();
        PixelLoss loss = new PixelLoss(settings, "logits", Placement.cpu().device())) {
      return loss.of(
              Map.of("logits", tensor(scores, CLASSES)), new BatchLabels(ids(labels), Map.of()))
          .item_double();
    }
  }

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(each -> each).average().orElseThrow();
  }

  private static List<Double> losses(float[] scores, long[] labels, int classes) {
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 255) {
        losses.add(-Math.log(probability(scores, i, (int) labels[i], classes)));
      }
    }
    return losses;
  }

  private static double probability(float[] scores, int at, int id, int classes) {
    double sum = 0;
    for (int other = 0; other < classes; other++) {
      sum += Math.exp(score(scores, at, other, classes));
    }
    return Math.exp(score(scores, at, id, classes)) / sum;
  }

  private static float score(float[] scores, int at, int id, int classes) {
    return scores[(at / PIXELS * classes + id) * PIXELS + at % PIXELS];
  }

  private static float[] drawnScores(long seed, int classes) {
    Random random = new Random(seed);
    float[] drawn = new float[PICTURES * classes * PIXELS];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) (2 * random.nextGaussian());
    }
    return drawn;
  }

  private static long[] drawnLabels(long seed, int classes) {
    Random random = new Random(seed);
    long[] drawn = new long[PICTURES * PIXELS];
    Arrays.setAll(drawn, _ -> random.nextInt(8) == 0 ? 255 : random.nextInt(classes));
    return drawn;
  }

  private static Tensor tensor(float[] scores, int classes) {
    return Tensor.create(scores, PICTURES, classes, HEIGHT, WIDTH);
  }

  private static Tensor ids(long[] labels) {
    return Tensor.create(labels, PICTURES, HEIGHT, WIDTH);
  }
}
