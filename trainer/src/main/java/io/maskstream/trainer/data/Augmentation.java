package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Size;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chance changes of a labelled picture, in this order: resize, crop, flip, photometric distortion,
/// pad. The same picture and numbers drawn give the same result.
///
/// The recipe and its defaults are MMSegmentation's (`RandomResize`, `RandomCrop` with
/// `cat_max_ratio`, `RandomFlip`, `PhotoMetricDistortion`, `Pad`). Pictures are resampled
/// bilinearly, labels take the nearest pixel, both by pixel centres.
///
/// @param smallest least factor of the resize
/// @param largest most factor of the resize
/// @param crop size of every result, padded with black and ignore where the picture is smaller;
///   null leaves pictures whole
/// @param mostOfOneClass a crop is drawn again, up to ten times, while one class has more than this
///   share of its pixels that are not ignored
/// @param flip probability of mirroring left and right
/// @param photometric whether brightness, contrast, saturation and hue are distorted
/// @param rare null draws crops without regard to classes
public record Augmentation(
    double smallest,
    double largest,
    @Nullable Size crop,
    double mostOfOneClass,
    double flip,
    boolean photometric,
    @Nullable RareClasses rare) {

  /// Leaves every picture as it is, as the FCN papers train.
  public static final Augmentation NONE = new Augmentation(1, 1, null, 1, 0, false, null);

  private static final int TRIES = 10;

  public Augmentation {
    if (!(smallest > 0 && smallest <= largest && largest <= 16)) {
      throw new IllegalArgumentException(
          "resize wants 0 < smallest <= largest <= 16: smallest=%s largest=%s"
              .formatted(smallest, largest));
    }
    if (!(mostOfOneClass > 0 && mostOfOneClass <= 1) || !(flip >= 0 && flip <= 1)) {
      throw new IllegalArgumentException(
          "augmentation is out of range: mostOfOneClass=%s flip=%s; both are shares of 1"
              .formatted(mostOfOneClass, flip));
    }
    if (rare != null && crop == null) {
      throw new IllegalArgumentException("rare classes are drawn by crops: set a crop size");
    }
  }

  /// Crops that are sure to show a rare class.
  ///
  /// @param share of crops drawn so, 0 to 1; the others are drawn without regard to classes
  /// @param weights how often a class that the picture has is chosen before others, by class id
  public record RareClasses(double share, List<Double> weights) {

    public RareClasses {
      weights = List.copyOf(weights);
      if (!(share >= 0 && share <= 1) || weights.stream().anyMatch(weight -> !(weight >= 0))) {
        throw new IllegalArgumentException(
            "rare classes are out of range: share=%s weights=%s".formatted(share, weights));
      }
    }
  }

  /// Resize by 0.5 to 2, crop, no class above three quarters, flip half of all, distort colours.
  public static Augmentation standard(Size crop) {
    return new Augmentation(0.5, 2, crop, 0.75, 0.5, true, null);
  }

  public Augmentation withRare(RareClasses classes) {
    return new Augmentation(smallest, largest, crop, mostOfOneClass, flip, photometric, classes);
  }

  /// The picture changed by chance.
  public LabelledPicture apply(LabelledPicture of, RandomGenerator random) {
    if (this.equals(NONE)) {
      return of;
    }
    double factor = smallest + (largest - smallest) * random.nextDouble();
    int scaledWidth = Math.max(1, (int) Math.round(of.width() * factor));
    int scaledHeight = Math.max(1, (int) Math.round(of.height() * factor));
    Size out = crop == null ? new Size(scaledWidth, scaledHeight) : crop;
    Window window =
        new Window(
            scaledWidth,
            scaledHeight,
            Math.min(out.width(), scaledWidth),
            Math.min(out.height(), scaledHeight));
    boolean forRare = rare != null && random.nextDouble() < rare.share();
    window = forRare ? aroundRare(of, window, random) : anywhere(of, window, random);
    if (random.nextDouble() < flip) {
      window = window.flipped();
    }
    byte[] labels = window.labels(of.labels(), out);
    byte[] rgb = window.picture(of.picture(), out);
    if (photometric) {
      Photometric.drawn(random).apply(rgb, out.width(), window.width(), window.height());
    }
    return new LabelledPicture(
        of.name(),
        new RgbPicture(out.width(), out.height(), rgb),
        new ClassPicture(out.width(), out.height(), labels));
  }

  private Window anywhere(LabelledPicture of, Window window, RandomGenerator random) {
    Window drawn = window.drawn(random);
    for (int i = 1; i < TRIES && mostOfOneClass < 1; i++) {
      if (drawn.largestShare(of.labels()) <= mostOfOneClass) {
        return drawn;
      }
      drawn = window.drawn(random);
    }
    return drawn;
  }

  /// A window that shows a pixel of a class drawn by weight from those that the picture has;
  /// anywhere if it has none with a weight.
  private Window aroundRare(LabelledPicture of, Window window, RandomGenerator random) {
    long[] areas = of.labels().areas();
    double[] upTo = new double[areas.length];
    double sum = 0;
    List<Double> weights = rare == null ? List.of() : rare.weights();
    for (int id = 0; id < weights.size(); id++) {
      sum += areas[id] > 0 ? weights.get(id) : 0;
      upTo[id] = sum;
    }
    if (!(sum > 0)) {
      return anywhere(of, window, random);
    }
    double at = random.nextDouble() * sum;
    int id = 0;
    while (upTo[id] <= at) {
      id++;
    }
    long countdown = random.nextLong(areas[id]);
    byte[] classes = of.labels().classes();
    int pixel = 0;
    while ((classes[pixel] & 0xff) != id || countdown-- > 0) {
      pixel++;
    }
    return window.drawnAround(
        pixel % of.width(), pixel / of.width(), of.width(), of.height(), random);
  }
}
