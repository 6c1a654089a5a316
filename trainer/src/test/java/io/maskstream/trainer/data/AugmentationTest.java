package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.data.Augmentation.RareClasses;
import io.maskstream.video.Size;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  @Test
  void dependsOnPictureAndSeedAlone() {
    Augmentation standard = Augmentation.standard(new Size(40, 30));
    LabelledPicture picture = Drawn.noise(1, 50, 36);
    byte[] before = picture.picture().rgb().clone();
    LabelledPicture once = standard.apply(picture, new SplittableRandom(7));
    LabelledPicture again = standard.apply(picture, new SplittableRandom(7));
    LabelledPicture other = standard.apply(picture, new SplittableRandom(8));
    assertThat(once.picture().rgb()).isEqualTo(again.picture().rgb());
    assertThat(once.labels().classes()).isEqualTo(again.labels().classes());
    assertThat(once.picture().rgb()).isNotEqualTo(other.picture().rgb());
    assertThat(picture.picture().rgb()).isEqualTo(before);
  }

  @Test
  void leavesAPictureAloneWhereNothingIsAskedFor() {
    LabelledPicture picture = Drawn.noise(1, 50, 36);
    assertThat(Augmentation.NONE.apply(picture, new SplittableRandom(7))).isSameAs(picture);
    LabelledPicture whole =
        new Augmentation(1, 1, new Size(50, 36), 1, 0, false, null)
            .apply(picture, new SplittableRandom(7));
    assertThat(whole.picture().rgb()).isEqualTo(picture.picture().rgb());
    assertThat(whole.labels().classes()).isEqualTo(picture.labels().classes());
  }

  /// Against the textbook's formula in doubles, at pixel centres with the edges held.
  @Test
  void resizesPicturesBilinearlyAndLabelsToTheNearest() {
    LabelledPicture picture = Drawn.noise(3, 31, 17);
    for (double factor : new double[] {0.5, 0.77, 1.3, 2}) {
      LabelledPicture resized =
          new Augmentation(factor, factor, null, 1, 0, false, null)
              .apply(picture, new SplittableRandom(1));
      assertThat(resized.width()).isEqualTo((int) Math.round(31 * factor));
      assertThat(resized.height()).isEqualTo((int) Math.round(17 * factor));
      for (int y = 0; y < resized.height(); y++) {
        for (int x = 0; x < resized.width(); x++) {
          double u = (x + 0.5) * 31 / resized.width() - 0.5;
          double v = (y + 0.5) * 17 / resized.height() - 0.5;
          int i = y * resized.width() + x;
          for (int channel = 0; channel < 3; channel++) {
            assertThat((double) (resized.picture().rgb()[3 * i + channel] & 0xff))
                .isCloseTo(bilinear(picture.picture(), u, v, channel), within(0.75));
          }
          int column = (int) Math.floor((x + 0.5) * 31 / resized.width());
          int row = (int) Math.floor((y + 0.5) * 17 / resized.height());
          assertThat(resized.labels().classes()[i])
              .isEqualTo(picture.labels().classes()[row * 31 + column]);
        }
      }
    }
  }

  @Test
  void cutsAPartOutOfTheResizedPictureAndMirrorsIt() {
    LabelledPicture picture = Drawn.noise(3, 31, 17);
    LabelledPicture whole =
        new Augmentation(1.5, 1.5, null, 1, 0, false, null).apply(picture, new SplittableRandom(1));
    Set<Integer> mirrored = new HashSet<>();
    Set<Integer> places = new HashSet<>();
    for (int seed = 0; seed < 30; seed++) {
      LabelledPicture part =
          new Augmentation(1.5, 1.5, new Size(12, 9), 1, 0.5, false, null)
              .apply(picture, new SplittableRandom(seed));
      int found = place(whole, part);
      mirrored.add(found & 1);
      places.add(found >> 1);
    }
    assertThat(mirrored).containsExactlyInAnyOrder(0, 1);
    assertThat(places).hasSizeGreaterThan(20);
  }

  @Test
  void padsWithBlackAndIgnore() {
    LabelledPicture picture = Drawn.noise(3, 10, 6);
    LabelledPicture padded =
        new Augmentation(1, 1, new Size(12, 8), 1, 1, true, null)
            .apply(picture, new SplittableRandom(1));
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 12; x++) {
        int i = y * 12 + x;
        if (x >= 10 || y >= 6) {
          assertThat(padded.labels().classes()[i]).isEqualTo((byte) 255);
          assertThat(Arrays.copyOfRange(padded.picture().rgb(), 3 * i, 3 * i + 3)).containsOnly(0);
        } else {
          assertThat(padded.labels().classes()[i])
              .isEqualTo(picture.labels().classes()[y * 10 + 9 - x]);
        }
      }
    }
  }

  @Test
  void drawsACropAgainWhileOneClassFillsIt() {
    // One class but for the right tenth, which two others share.
    byte[] classes = new byte[100 * 10];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) (i % 100 < 90 ? 0 : 1 + i / 100 % 2);
    }
    LabelledPicture picture = Drawn.picture("p", 100, 10, new byte[3000], classes);
    Augmentation any = new Augmentation(1, 1, new Size(20, 10), 1, 0, false, null);
    Augmentation mixed = new Augmentation(1, 1, new Size(20, 10), 0.75, 0, false, null);
    // 6 of the 81 places will do: 7 % at the first try, 54 % within ten.
    assertThat(mixedCrops(any, picture)).isLessThan(20);
    assertThat(mixedCrops(mixed, picture)).isBetween(40, 68);
  }

  @Test
  void cropsAroundRareClassesAsOftenAsAsked() {
    byte[] classes = new byte[200 * 10];
    classes[7 * 200 + 13] = 3;
    classes[2 * 200 + 180] = 5;
    LabelledPicture picture = Drawn.picture("p", 200, 10, new byte[6000], classes);
    List<Double> weights = List.of(0.0, 9.0, 9.0, 3.0, 0.0, 1.0);
    int[] seen = new int[6];
    for (int seed = 0; seed < 400; seed++) {
      LabelledPicture crop =
          new Augmentation(1, 2, new Size(16, 8), 1, 0.5, false, new RareClasses(1, weights))
              .apply(picture, new SplittableRandom(seed));
      long[] areas = crop.labels().areas();
      assertThat(areas[3] + areas[5]).isPositive();
      seen[3] += areas[3] > 0 ? 1 : 0;
      seen[5] += areas[5] > 0 ? 1 : 0;
    }
    assertThat(seen[3]).isBetween(270, 330);
    assertThat(seen[5]).isBetween(70, 130);
    Augmentation withoutAny =
        new Augmentation(
            0.5, 2, new Size(16, 8), 0.75, 0.5, true, new RareClasses(1, List.of(0.0)));
    assertThat(withoutAny.apply(picture, new SplittableRandom(1)).width()).isEqualTo(16);
  }

  /// Against java.awt.Color's HSB and the recipe written out one step after another.
  @Test
  void distortsColoursAsTheRecipeSays() {
    LabelledPicture noise = Drawn.noise(5, 40, 30);
    List<Photometric> some =
        List.of(
            new Photometric(20, 1, true, 1, 0),
            new Photometric(-30, 1.4f, true, 1, 0),
            new Photometric(0, 1, true, 1.5f, 0),
            new Photometric(0, 1, true, 0.5f, 0.6f),
            new Photometric(10, 0.6f, false, 1.2f, -0.6f),
            new Photometric(0, 1, false, 1, 0.31f));
    for (Photometric distortion : some) {
      byte[] rgb = noise.picture().rgb().clone();
      distortion.apply(rgb);
      for (int i = 0; i < rgb.length; i += 3) {
        double[] expected = distorted(distortion, noise.picture().rgb(), i);
        for (int channel = 0; channel < 3; channel++) {
          assertThat((double) (rgb[i + channel] & 0xff))
              .as("%s of %s", distortion, Arrays.toString(expected))
              .isCloseTo(expected[channel], within(1.6));
        }
      }
    }
  }

  @Test
  void distortsEachHalfTheTimeAndWithinItsRange() {
    List<Photometric> drawn = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      drawn.add(Photometric.drawn(random));
    }
    assertThat(drawn)
        .allSatisfy(each -> {
          assertThat(each.brightness()).isBetween(-32f, 32f);
          assertThat(each.contrast()).isBetween(0.5f, 1.5f);
          assertThat(each.saturation()).isBetween(0.5f, 1.5f);
          assertThat(each.hue()).isBetween(-0.6f, 0.6f);
        });
    assertThat(drawn.stream().filter(each -> each.brightness() == 0).count()).isBetween(440L, 560L);
    assertThat(drawn.stream().filter(each -> each.hue() == 0).count()).isBetween(440L, 560L);
    assertThat(drawn.stream().filter(Photometric::contrastFirst).count()).isBetween(440L, 560L);
  }

  /// Scale 1 of a base of 2048 x 512 is a shorter side of 512, unless the longer one would be over
  /// 2048, as MMSegmentation's recipes for ADE20K have it.
  @Test
  void resizesToABaseWhateverThePicturesOwnSize() {
    Augmentation based =
        new Augmentation(1, 1, new Size(64, 16), 0, 0, null, 1, 0, false, 0, 0, null);
    LabelledPicture wide = based.apply(Drawn.noise(1, 50, 40), new SplittableRandom(1));
    assertThat(new Size(wide.width(), wide.height())).isEqualTo(new Size(20, 16));
    LabelledPicture tall = based.apply(Drawn.noise(1, 10, 100), new SplittableRandom(1));
    assertThat(new Size(tall.width(), tall.height())).isEqualTo(new Size(6, 64));
  }

  @Test
  void shiftsAWholePictureToAnySide() {
    LabelledPicture picture = Drawn.noise(3, 30, 20);
    Augmentation jitter = new Augmentation(1, 1, null, 0, 0, null, 1, 0, false, 4, 0x102030, null);
    Set<Integer> shifts = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      LabelledPicture shifted = jitter.apply(picture, new SplittableRandom(seed));
      shifts.add(shift(picture, shifted));
    }
    assertThat(shifts).hasSizeGreaterThan(60).hasSizeLessThanOrEqualTo(81);
  }

  /// The one shift of at most four pixels that explains all pixels.
  private static int shift(LabelledPicture picture, LabelledPicture shifted) {
    for (int i = 0; i < 81; i++) {
      int right = i % 9 - 4;
      int down = i / 9 - 4;
      boolean all = true;
      for (int at = 0; at < 600 && all; at++) {
        int x = at % 30 - right;
        int y = at / 30 - down;
        boolean known = x >= 0 && x < 30 && y >= 0 && y < 20;
        int label = known ? picture.labels().classes()[y * 30 + x] & 0xff : 255;
        int red = known ? picture.picture().rgb()[3 * (y * 30 + x)] & 0xff : 0x10;
        all =
            (shifted.labels().classes()[at] & 0xff) == label
                && (shifted.picture().rgb()[3 * at] & 0xff) == red;
      }
      if (all) {
        return i;
      }
    }
    throw new AssertionError("no shift explains the picture");
  }

  /// Planes and further labels are filled with the number of the pixel's label, and must stay so.
  @Test
  void takesOtherPlanesAndLabelsAlong() {
    LabelledPicture noise = Drawn.noise(5, 40, 30);
    byte[] ids = noise.labels().classes();
    float[] values = new float[2 * ids.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = ids[i % ids.length] + (i < ids.length ? 1 : 11);
    }
    LabelledPicture picture =
        new LabelledPicture(
            "planes",
            noise.picture(),
            new Planes(2, values),
            noise.labels(),
            Map.of("geometry", noise.labels()));
    Augmentation all =
        new Augmentation(0.6, 1.8, null, 20, 0.5, new Size(32, 32), 1, 0.5, true, 0, 0, null);
    for (int seed = 0; seed < 20; seed++) {
      LabelledPicture changed = all.apply(picture, new SplittableRandom(seed));
      byte[] classes = changed.labels().classes();
      assertThat(changed.further().get("geometry").classes()).isEqualTo(classes);
      assertThat(changed.labels().areas()[255]).isLessThan(1024);
      for (int i = 0; i < 1024; i++) {
        boolean known = classes[i] != (byte) 255;
        assertThat(changed.others().values()[i]).isEqualTo(known ? classes[i] + 1 : 0);
        assertThat(changed.others().values()[1024 + i]).isEqualTo(known ? classes[i] + 11 : 0);
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new Augmentation(2, 1, null, 1, 0, false, null))
        .hasMessageContaining("smallest=2.0 largest=1.0");
    assertThatThrownBy(() -> new Augmentation(1, 1, null, 1, 1.5, false, null))
        .hasMessageContaining("flip=1.5");
    assertThatThrownBy(
            () -> new Augmentation(1, 1, null, 1, 0, false, new RareClasses(1, List.of(1.0))))
        .hasMessageContaining("set a crop size");
    assertThatThrownBy(() -> new RareClasses(1, List.of(-1.0))).hasMessageContaining("-1.0");
  }

  private static double[] distorted(Photometric distortion, byte[] rgb, int at) {
    double[] color = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      color[channel] = limited((rgb[at + channel] & 0xff) + distortion.brightness());
      color[channel] *= distortion.contrastFirst() ? distortion.contrast() : 1;
      color[channel] = limited(color[channel]);
    }
    float[] hsb =
        Color.RGBtoHSB(
            (int) Math.round(color[0]),
            (int) Math.round(color[1]),
            (int) Math.round(color[2]),
            null);
    if (distortion.saturation() != 1 || distortion.hue() != 0) {
      int turned =
          Color.HSBtoRGB(
              hsb[0] + distortion.hue() / 6, Math.min(1, hsb[1] * distortion.saturation()), hsb[2]);
      color = new double[] {turned >> 16 & 0xff, turned >> 8 & 0xff, turned & 0xff};
    }
    for (int channel = 0; channel < 3; channel++) {
      color[channel] =
          limited(color[channel] * (distortion.contrastFirst() ? 1 : distortion.contrast()));
    }
    return color;
  }

  private static double limited(double level) {
    return Math.clamp(level, 0, 255);
  }

  private static double bilinear(RgbPicture picture, double x, double y, int channel) {
    double sum = 0;
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        double heldX = Math.clamp(x, 0, picture.width() - 1);
        double heldY = Math.clamp(y, 0, picture.height() - 1);
        double weight =
            Math.max(0, 1 - Math.abs(heldX - column)) * Math.max(0, 1 - Math.abs(heldY - row));
        if (weight > 0) {
          int i = 3 * (row * picture.width() + column) + channel;
          sum += weight * (picture.rgb()[i] & 0xff);
        }
      }
    }
    return sum;
  }

  private static int mixedCrops(Augmentation augmentation, LabelledPicture picture) {
    int mixed = 0;
    for (int seed = 0; seed < 100; seed++) {
      LabelledPicture crop = augmentation.apply(picture, new SplittableRandom(seed));
      mixed += crop.labels().areas()[0] <= 150 ? 1 : 0;
    }
    return mixed;
  }

  /// Where the part is in the whole, times two, and one if it is mirrored.
  private static int place(LabelledPicture whole, LabelledPicture part) {
    for (int top = 0; top <= whole.height() - part.height(); top++) {
      for (int left = 0; left <= whole.width() - part.width(); left++) {
        for (int mirrored = 0; mirrored < 2; mirrored++) {
          if (isAt(whole, part, left, top, mirrored == 1)) {
            return (top * whole.width() + left) * 2 + mirrored;
          }
        }
      }
    }
    throw new AssertionError("part is nowhere in the whole");
  }

  private static boolean isAt(
      LabelledPicture whole, LabelledPicture part, int left, int top, boolean mirrored) {
    for (int y = 0; y < part.height(); y++) {
      for (int x = 0; x < part.width(); x++) {
        int column = left + (mirrored ? part.width() - 1 - x : x);
        int there = (top + y) * whole.width() + column;
        int here = y * part.width() + x;
        if (whole.labels().classes()[there] != part.labels().classes()[here]
            || whole.picture().rgb()[3 * there + 1] != part.picture().rgb()[3 * here + 1]) {
          return false;
        }
      }
    }
    return true;
  }
}
