package io.maskstream.trainer.cli;

import io.maskstream.release.InputSize;
import io.maskstream.trainer.data.Augmentation;
import io.maskstream.trainer.data.Augmentation.RareClasses;
import io.maskstream.trainer.data.ClassWeights;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Sampling;
import io.maskstream.trainer.data.Survey;
import io.maskstream.video.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How training pictures are drawn and changed by chance.
final class AugmentationOptions {

  private static final String WHOLE = "whole";

  /// Ways to draw pictures for training.
  enum Order {
    SHUFFLED(Sampling.SHUFFLED),
    DRAWN(Sampling.DRAWN);

    private final Sampling sampling;

    Order(Sampling sampling) {
      this.sampling = sampling;
    }
  }

  @Option(
      names = "--sampling",
      defaultValue = "shuffled",
      description =
          "shuffled, each picture once a pass, or drawn, with replacement as the FCN papers' solvers"
              + " do (default: ${DEFAULT-VALUE}).")
  Order sampling = Order.SHUFFLED;

  @Option(
      names = "--no-augmentation",
      description = "Trains on whole pictures as they are; they must be of one size, or --batch 1.")
  boolean plain;

  @Option(
      names = "--crop",
      defaultValue = "320x320",
      paramLabel = "WIDTHxHEIGHT",
      description =
          "Of training pictures, after they were scaled, or the word whole (default:"
              + " ${DEFAULT-VALUE}).")
  String crop = "320x320";

  @Option(
      names = "--scale",
      defaultValue = "0.5,2",
      split = ",",
      paramLabel = "LEAST,MOST",
      description = "Factors by which pictures are resized first (default: ${DEFAULT-VALUE}).")
  List<Double> scale = List.of(0.5, 2.0);

  @Option(
      names = "--scale-base",
      paramLabel = "WIDTHxHEIGHT",
      description = "What pictures fit into at factor 1 (default: their own size).")
  @Nullable String base;

  @Option(
      names = "--most-of-one-class",
      defaultValue = "0.75",
      paramLabel = "SHARE",
      description = "A crop with more of one class is drawn again (default: ${DEFAULT-VALUE}).")
  double mostOfOneClass = 0.75;

  @Option(
      names = "--rare-crops",
      defaultValue = "0",
      paramLabel = "SHARE",
      description =
          "Of crops that are laid around a pixel of a rare class, by median frequency (default:"
              + " ${DEFAULT-VALUE}).")
  double rareCrops;

  @Option(
      names = "--flip",
      defaultValue = "0.5",
      paramLabel = "P",
      description = "Probability of mirroring left and right (default: ${DEFAULT-VALUE}).")
  double flip = 0.5;

  @Option(
      names = "--photometric",
      defaultValue = "true",
      negatable = true,
      fallbackValue = "true",
      description =
          "Distorts brightness, contrast, saturation and hue (default: ${DEFAULT-VALUE}).")
  boolean photometric = true;

  @Option(
      names = "--rotate",
      defaultValue = "0",
      paramLabel = "DEGREES",
      description = "Turns half of all pictures by up to so much (default: ${DEFAULT-VALUE}).")
  double rotate;

  @Option(
      names = "--blur",
      defaultValue = "0",
      paramLabel = "P",
      description = "Probability of a Gaussian over 5 x 5 pixels (default: ${DEFAULT-VALUE}).")
  double blur;

  @Option(
      names = "--jitter",
      defaultValue = "0",
      paramLabel = "PIXELS",
      description = "Shifts whole pictures by up to so much (default: ${DEFAULT-VALUE}).")
  int jitter;

  @Option(
      names = "--padding",
      defaultValue = "000000",
      paramLabel = "RRGGBB",
      description = "Colour beside a picture smaller than the crop (default: ${DEFAULT-VALUE}).")
  String padding = "000000";

  Sampling sampling() {
    return sampling.sampling;
  }

  Augmentation augmentation(LabelledSet train) {
    if (plain) {
      return Augmentation.NONE;
    }
    if (scale.size() != 2) {
      throw new IllegalArgumentException("--scale wants LEAST,MOST: " + scale);
    }
    Size cropped = crop.equals(WHOLE) ? null : InputSize.parseSize(crop);
    return new Augmentation(
        scale.get(0),
        scale.get(1),
        base == null ? null : InputSize.parseSize(base),
        rotate,
        blur,
        cropped,
        mostOfOneClass,
        flip,
        photometric,
        jitter,
        color(),
        rareCrops == 0 ? null : rare(train));
  }

  private int color() {
    try {
      return Integer.parseInt(padding, 16);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--padding is no RRGGBB like 7c7468: " + padding, e);
    }
  }

  private RareClasses rare(LabelledSet train) {
    return new RareClasses(rareCrops, ClassWeights.MEDIAN_FREQUENCY.of(Survey.of(train, _ -> {})));
  }
}
