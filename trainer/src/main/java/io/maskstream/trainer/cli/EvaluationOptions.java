package io.maskstream.trainer.cli;

import io.maskstream.release.InputSize;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.MaskedSet;
import io.maskstream.trainer.solver.Evaluation;
import io.maskstream.trainer.solver.Sliding;
import io.maskstream.video.Size;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How pictures are shown to a net that is judged.
final class EvaluationOptions {

  @Option(
      names = "--slide",
      paramLabel = "WIDTHxHEIGHT",
      description =
          "Shows pictures in windows of this size and averages their logits, as mmsegmentation does "
              + "(769x769 for Cityscapes, 480x480 for PASCAL-Context).")
  @Nullable String slide;

  @Option(
      names = "--slide-step",
      paramLabel = "WIDTHxHEIGHT",
      description = "From one window to the next (513x513, 320x320; default: 2/3 of --slide).")
  @Nullable String slideStep;

  @Option(
      names = "--scales",
      split = ",",
      paramLabel = "FACTOR",
      description =
          "Shows pictures at each of these scales and averages the probabilities, such as "
              + "0.5,0.75,1,1.25,1.5,1.75.")
  List<Double> scales = List.of(1.0);

  @Option(names = "--mirror", description = "Shows each scale mirrored too.")
  boolean mirror;

  @Option(
      names = "--test-size",
      paramLabel = "WIDTHxHEIGHT",
      description =
          "Scales pictures into this size first, keeping their shape (2048x512 for VOC and ADE20K, "
              + "520x520 for PASCAL-Context); --scales are of it. Labels keep their own size.")
  @Nullable String testSize;

  @Option(
      names = "--exclude",
      split = ",",
      paramLabel = "CLASS",
      description = "Leaves classes out of mean accuracy and mean IoU.")
  Set<String> excluded = Set.of();

  @Option(
      names = "--show",
      paramLabel = "PART",
      description =
          "Hides the rest of the pictures, to tell what a net goes by: foreground, background (the "
              + "class of that name), or shape, which is white on black. The FCN papers judge it "
              + "with --exclude background.")
  MaskedSet.@Nullable Shown shown;

  /// The pictures, as far as they are shown.
  LabelledSet shown(LabelledSet set) {
    return shown == null ? set : new MaskedSet(set, shown);
  }

  /// @throws IllegalArgumentException if the options do not go together
  Evaluation evaluation() {
    if (slideStep != null && slide == null) {
      throw new IllegalArgumentException(
          "--slide-step says how far windows are apart, so give --slide WIDTHxHEIGHT too");
    }
    return new Evaluation(
        Optional.ofNullable(testSize).map(InputSize::parseSize),
        Optional.ofNullable(slide).map(window -> sliding(window, slideStep)),
        scales,
        mirror,
        excluded);
  }

  private static Sliding sliding(String window, @Nullable String step) {
    Size size = InputSize.parseSize(window);
    return new Sliding(
        size,
        step != null
            ? InputSize.parseSize(step)
            : new Size(Math.ceilDiv(2 * size.width(), 3), Math.ceilDiv(2 * size.height(), 3)));
  }
}
