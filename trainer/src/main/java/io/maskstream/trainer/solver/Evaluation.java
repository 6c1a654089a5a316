package io.maskstream.trainer.solver;

import io.maskstream.trainer.data.Rescaling;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// How pictures are shown to a net that is judged, as mmsegmentation does it.
///
/// A picture is scaled and perhaps mirrored, seen whole or in windows whose logits are averaged,
/// and the logits are brought back to the picture's own size. Where it is seen in more than one
/// way, the class of a pixel is that of the largest mean of probabilities. mmsegmentation's scaled
/// pictures are rounded to bytes; these are not.
///
/// @param size into which pictures are scaled, keeping their shape: the longer side is at most its
///   longer, the shorter at most its shorter side; empty leaves them as they are
/// @param sliding empty shows pictures whole
/// @param scales of that size; each is one way to see the picture
/// @param mirrored whether each scale is seen mirrored too
/// @param excluded names of classes that means leave out, besides those that the set itself does
public record Evaluation(
    Optional<Size> size,
    Optional<Sliding> sliding,
    List<Double> scales,
    boolean mirrored,
    Set<String> excluded) {

  /// Whole pictures at their own size.
  public static final Evaluation WHOLE =
      new Evaluation(Optional.empty(), Optional.empty(), List.of(1.0), false, Set.of());

  /// One way to see a picture.
  record View(double scale, boolean mirrored) {}

  public Evaluation {
    scales = List.copyOf(scales);
    excluded = Set.copyOf(excluded);
    if (scales.isEmpty() || scales.stream().anyMatch(scale -> !(scale > 0 && scale <= 16))) {
      throw new IllegalArgumentException(
          "scales must be one or more numbers above 0, at most 16: " + scales);
    }
    if (Set.copyOf(scales).size() < scales.size()) {
      throw new IllegalArgumentException("a scale is there twice: " + scales);
    }
  }

  /// Whether classes of whole pictures at their own size are all it needs, which a release gives.
  public boolean needsOnlyClasses() {
    return size.isEmpty() && sliding.isEmpty() && scales.equals(List.of(1.0)) && !mirrored;
  }

  List<View> views() {
    List<View> views = new ArrayList<>();
    for (double scale : scales) {
      views.add(new View(scale, false));
      if (mirrored) {
        views.add(new View(scale, true));
      }
    }
    return views;
  }

  /// The size in which a picture is seen: `mmcv.rescale_size` by the factor, or into the size times
  /// the factor, rounded down.
  Size seen(int width, int height, double scale) {
    return size.map(fit ->
            Rescaling.fitted(
                new Size(width, height), (int) (fit.width() * scale), (int) (fit.height() * scale)))
        .orElseGet(() ->
            new Size(
                Math.max(1, (int) (width * scale + 0.5)),
                Math.max(1, (int) (height * scale + 0.5))));
  }

  /// For reports, such as `pictures scaled into 2048x512, in windows of ...`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("pictures ");
    text.append(size.map(fit -> "scaled into " + fit).orElse("at their own size"));
    text.append(sliding.map(it -> ", " + it).orElse(", whole"));
    if (!scales.equals(List.of(1.0))) {
      text.append(", times ");
      text.append(String.join(" ", scales.stream().map(Evaluation::plain).toList()));
    }
    text.append(mirrored ? ", and mirrored" : "");
    if (!excluded.isEmpty()) {
      text.append("; means without ").append(String.join(", ", new TreeSet<>(excluded)));
    }
    return text.toString();
  }

  private static String plain(double scale) {
    return scale == Math.rint(scale) ? Long.toString((long) scale) : Double.toString(scale);
  }
}
