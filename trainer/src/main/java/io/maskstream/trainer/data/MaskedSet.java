package io.maskstream.trainer.data;

import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.util.Map;
import java.util.Set;

/// Labelled pictures of which a part is hidden, to tell what a net goes by: Shelhamer et al. 2016,
/// table 8, where each of foreground and background is kept or masked in training and in judging.
/// The paper does not say with what; here hidden pixels have the mean colour of ImageNet, which
/// most nets subtract. Pixels without a label may be either, so they are hidden too.
public final class MaskedSet implements LabelledSet {

  /// What can be seen.
  public enum Shown {
    /// Pixels of every class but `background`.
    FOREGROUND,
    /// Pixels of the class `background`.
    BACKGROUND,
    /// Only which pixels are foreground: white on black.
    SHAPE
  }

  private static final byte[] HIDDEN = {124, 117, 104};
  private static final byte[] WHITE = {-1, -1, -1};
  private static final byte[] BLACK = {0, 0, 0};

  private final LabelledSet set;
  private final Shown shown;
  private final int background;

  /// @throws IllegalArgumentException if no class is called background, or there are further planes
  public MaskedSet(LabelledSet set, Shown shown) {
    this.set = set;
    this.shown = shown;
    background = set.classes().names().indexOf("background");
    if (background < 0) {
      throw new IllegalArgumentException(
          "no class is called background, so there is nothing to tell foreground from: "
              + set.classes());
    }
    if (set.otherPlanes() > 0) {
      throw new IllegalArgumentException(
          "colours can be hidden, not the pictures' %d other planes".formatted(set.otherPlanes()));
    }
  }

  @Override
  public Palette classes() {
    return set.classes();
  }

  @Override
  public Map<String, Palette> further() {
    return set.further();
  }

  @Override
  public Set<Integer> uncounted() {
    return set.uncounted();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public String name(int index) {
    return set.name(index);
  }

  @Override
  public LabelledPicture read(int index) {
    LabelledPicture whole = set.read(index);
    byte[] classes = whole.labels().classes();
    byte[] rgb = whole.picture().rgb().clone();
    for (int i = 0; i < classes.length; i++) {
      int id = classes[i] & 0xff;
      boolean ground = id == background;
      boolean thing = !ground && id != LabelledPicture.IGNORE;
      switch (shown) {
        case FOREGROUND -> {
          if (!thing) {
            System.arraycopy(HIDDEN, 0, rgb, 3 * i, 3);
          }
        }
        case BACKGROUND -> {
          if (!ground) {
            System.arraycopy(HIDDEN, 0, rgb, 3 * i, 3);
          }
        }
        case SHAPE -> System.arraycopy(thing ? WHITE : BLACK, 0, rgb, 3 * i, 3);
      }
    }
    return new LabelledPicture(
        whole.name(),
        new RgbPicture(whole.width(), whole.height(), rgb),
        whole.others(),
        whole.labels(),
        whole.further());
  }
}
