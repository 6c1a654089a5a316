package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.camera.Scene.Look;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.MaskedSet.Shown;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedSetTest {

  private static final Palette CLASSES =
      new Palette(List.of("background", "cat", "dog"), List.of(1, 2, 3));

  /// Four pixels: background, cat, dog, no label.
  private static LabelledSet pixels() {
    byte[] rgb = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};
    return Drawn.of(CLASSES, List.of(Drawn.picture("p", 4, 1, rgb, new byte[] {0, 1, 2, -1})));
  }

  private static byte[] shown(Shown part) {
    return new MaskedSet(pixels(), part).read(0).picture().rgb();
  }

  @Test
  void hidesAllButTheForegroundTheBackgroundOrTheShape() {
    assertThat(shown(Shown.FOREGROUND))
        .containsExactly(124, 117, 104, 2, 2, 2, 3, 3, 3, 124, 117, 104);
    assertThat(shown(Shown.BACKGROUND))
        .containsExactly(1, 1, 1, 124, 117, 104, 124, 117, 104, 124, 117, 104);
    assertThat(shown(Shown.SHAPE)).containsExactly(0, 0, 0, -1, -1, -1, -1, -1, -1, 0, 0, 0);
    LabelledSet masked = new MaskedSet(pixels(), Shown.SHAPE);
    assertThat(masked.read(0).labels().classes()).containsExactly(0, 1, 2, -1);
    assertThat(masked.classes()).isEqualTo(CLASSES);
  }

  @Test
  void refusesPicturesWithoutBackground() {
    assertThatThrownBy(() -> new MaskedSet(Scenes.of(1, 1, 64, 48, Look.VARIED), Shown.SHAPE))
        .hasMessageContaining("no class is called background")
        .hasMessageContaining("road");
  }
}
