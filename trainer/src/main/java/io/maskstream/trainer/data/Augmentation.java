package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Size;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Chance changes of a labelled picture, in this order: resize, rotate, blur, crop, flip,
/// photometric distortion, shift, pad. The same picture and numbers drawn give the same result.
///
/// Resize, crop, flip, distortion and pad are MMSegmentation's (`RandomResize`, `RandomCrop` with
/// `cat_max_ratio`, `RandomFlip`, `PhotoMetricDistortion`, `Pad`); rotation and blur those of
/// PSPNet's author (semseg's `RandRotate`, `RandomGaussianBlur`); the shift is the jitter of Long,
/// Shelhamer & Darrell 2015, section 4.3. Pictures are resampled bilinearly, labels and other
/// planes take the nearest pixel, both by pixel centres.
///
/// @param smallest least factor of the resize
/// @param largest most factor of the resize
/// @param base what a picture fits into at factor 1, its longer side along the base's; null takes
///   each picture's own size
/// @param rotation most degrees to either side, of half of all pictures; 0 for none
/// @param blur probability of a Gaussian over 5 x 5 pixels
/// @param crop size of every result, padded where the picture is smaller; null leaves pictures
///   whole
/// @param mostOfOneClass a crop is drawn again, up to ten times, while one class has more than this
///   share of its pixels that are not ignored
/// @param flip probability of mirroring left and right
/// @param photometric whether brightness, contrast, saturation and hue are distorted
/// @param jitter most pixels by which a whole picture is shifted to any side
/// @param padding colour of what lies beside the picture, 0xRRGGBB; its label is ignore
/// @param rare null draws crops without regard to classes
public record Augmentation(
    double smallest,
    double largest,
    @Nullable Size base,
    double rotation,
    double blur,
    @Nullable Size crop,
    double mostOfOneClass,
    double flip,
    boolean photometric,
    int jitter,
    int padding,
    @Nullable RareClasses rare) {

  /// Leaves every picture as it is, as the reference nets of the FCN papers train.
  public static final Augmentation NONE = new Augmentation(1, 1, null, 1, 0, false, null);

  private static final int TRIES = 10;

  public Augmentation {
    if (!(smallest > 0 && smallest <= largest && largest <= 16)) {
      throw new IllegalArgumentException(
          "resize wants 0 < smallest <= largest <= 16: smallest=%s largest=%s"
              .formatted(smallest, largest));
    }
    if (!(mostOfOneClass > 0 && mostOfOneClass <= 1)
        || !(flip >= 0 && flip <= 1)
        || !(blur >= 0 && blur <= 1)) {
      throw new IllegalArgumentException(
          "augmentation is out of range: mostOfOneClass=%s flip=%s blur=%s; all are shares of 1"
              .formatted(mostOfOneClass, flip, blur));
    }
    if (!(rotation >= 0 && rotation <= 180) || jitter < 0) {
      throw new IllegalArgumentException(
          "augmentation is out of range: rotation=%s degrees, jitter=%s pixels"
              .formatted(rotation, jitter));
    }
    if (rare != null && crop == null) {
      throw new IllegalArgumentException("rare classes are drawn by crops: set a crop size");
    }
    if (jitter > 0 && crop != null) {
      throw new IllegalArgumentException(
          "jitter=%d shifts whole pictures, crop=%s has a place by chance already; leave one out"
              .formatted(jitter, crop));
    }
  }

  /// Resize, crop, flip and distortion alone, padded with black.
  Augmentation(
      double smallest,
      double largest,
      @Nullable Size crop,
      double mostOfOneClass,
      double flip,
      boolean photometric,
      @Nullable RareClasses rare) {
    this(smallest, largest, null, 0, 0, crop, mostOfOneClass, flip, photometric, 0, 0x000000, rare);
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

  /// The picture changed by chance.
  public LabelledPicture apply(LabelledPicture original, RandomGenerator random) {
    if (this.equals(NONE)) {
      return original;
    }
    Size scaled = scaled(original, smallest + (largest - smallest) * random.nextDouble());
    LabelledPicture of =
        rotation > 0 || blur > 0 ? rotatedAndBlurred(original, scaled, random) : original;
    Size out = crop == null ? scaled : crop;
    int right = jitter == 0 ? 0 : random.nextInt(-jitter, jitter + 1);
    int down = jitter == 0 ? 0 : random.nextInt(-jitter, jitter + 1);
    Window window =
        new Window(
            scaled.width(),
            scaled.height(),
            Math.max(0, Math.min(out.width(), scaled.width()) - Math.abs(right)),
            Math.max(0, Math.min(out.height(), scaled.height()) - Math.abs(down)));
    if (jitter > 0) {
      window = window.at(Math.max(0, -right), Math.max(0, -down));
    } else if (rare != null && random.nextDouble() < rare.share()) {
      window = aroundRare(of, window, random);
    } else {
      window = anywhere(of, window, random);
    }
    if (random.nextDouble() < flip) {
      window = window.flipped();
    }
    Window seen = window;
    byte[] rgb = seen.picture(of.picture());
    if (photometric) {
      Photometric.drawn(random).apply(rgb);
    }
    Canvas canvas =
        new Canvas(
            out, Math.max(0, right), Math.max(0, down), new Size(seen.width(), seen.height()));
    return new LabelledPicture(
        of.name(),
        canvas.picture(rgb, padding),
        canvas.planes(seen.planes(of.others(), of.width(), of.height()), of.others().count()),
        canvas.labels(seen.labels(of.labels())),
        each(of.further(), map -> canvas.labels(seen.labels(map))));
  }

  /// A picture's size at a factor; MMSegmentation's `rescale_size` where there is a base.
  private Size scaled(LabelledPicture of, double factor) {
    if (base == null) {
      return new Size(
          Math.max(1, (int) Math.round(of.width() * factor)),
          Math.max(1, (int) Math.round(of.height() * factor)));
    }
    return Rescaling.fitted(
        new Size(of.width(), of.height()),
        (int) (base.width() * factor),
        (int) (base.height() * factor));
  }

  /// The whole picture resized, for what needs all of it.
  private LabelledPicture rotatedAndBlurred(
      LabelledPicture of, Size scaled, RandomGenerator random) {
    Window whole = new Window(scaled.width(), scaled.height(), scaled.width(), scaled.height());
    boolean turned = random.nextBoolean();
    double degrees = random.nextDouble(-1, 1) * rotation;
    boolean blurred = random.nextDouble() < blur;
    Rotation by = Rotation.of(scaled, turned ? degrees : 0);
    byte[] rgb = by.picture(whole.picture(of.picture()), padding);
    return new LabelledPicture(
        of.name(),
        new RgbPicture(
            scaled.width(), scaled.height(), blurred ? GaussianBlur.of(rgb, scaled) : rgb),
        new Planes(
            of.others().count(),
            by.planes(whole.planes(of.others(), of.width(), of.height()), of.others().count())),
        by.labels(whole.labels(of.labels())),
        each(of.further(), map -> by.labels(whole.labels(map))));
  }

  private static Map<String, ClassPicture> each(
      Map<String, ClassPicture> maps, UnaryOperator<ClassPicture> change) {
    return maps.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> change.apply(entry.getValue())));
  }

  private Window anywhere(LabelledPicture of, Window window, RandomGenerator random) {
    Window drawn = window.drawn(random);
    for (int i = 0; i < TRIES && mostOfOneClass < 1; i++) {
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
