package io.maskstream.relabel;

import io.maskstream.painting.ClassPicture;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Mask;
import java.util.Optional;
import java.util.OptionalDouble;

/// How doubtful a mask is: 0 not at all, 1 wholly.
final class Doubt {

  private static final byte IGNORED = (byte) 255;

  private Doubt() {}

  /// What the mean confidence of the pixels lacks to 1; empty where the release gives none.
  static OptionalDouble ofConfidence(FrameStatistics statistics) {
    double sum = 0;
    long pixels = 0;
    for (ClassArea area : statistics.classes()) {
      if (area.meanConfidence() != null) {
        sum += area.meanConfidence() * area.pixelCount();
        pixels += area.pixelCount();
      }
    }
    return pixels == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.clamp(1 - sum / pixels, 0, 1));
  }

  /// The share of the first mask's pixels on which two masks of a frame disagree; what either
  /// ignores does not count. Class ids are compared, so both releases must number their classes
  /// alike; sizes may differ.
  static OptionalDouble ofDisagreement(Mask mask, Mask other) {
    Optional<ClassPicture> one = ClassPicture.of(mask);
    Optional<ClassPicture> two = ClassPicture.of(other);
    if (one.isEmpty() || two.isEmpty()) {
      return OptionalDouble.empty();
    }
    byte[] first = one.get().classes();
    byte[] second = two.get().scaledTo(one.get().width(), one.get().height()).classes();
    int counted = 0;
    int different = 0;
    for (int pixel = 0; pixel < first.length; pixel++) {
      if (first[pixel] != IGNORED && second[pixel] != IGNORED) {
        counted++;
        different += first[pixel] == second[pixel] ? 0 : 1;
      }
    }
    return counted == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) different / counted);
  }
}
