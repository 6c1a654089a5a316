package io.maskstream.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InputSizeTest {

  @Test
  void aFixedSizeTakesEveryPictureToItself() {
    InputSize fixed = new InputSize.Fixed(new Size(513, 257));
    assertThat(fixed.grid().fit(new Size(1920, 1080))).isEqualTo(new Size(513, 257));
    assertThat(fixed.takes(new Size(513, 257))).isTrue();
    assertThat(fixed.takes(new Size(257, 513))).isFalse();
  }

  @Test
  void aFreeSizeRoundsToMultiples() {
    Grid grid = new InputSize.Free(32, 1920 * 1088).grid();
    assertThat(grid.fit(new Size(1920, 1080))).isEqualTo(new Size(1920, 1088));
    assertThat(grid.fit(new Size(640, 480))).isEqualTo(new Size(640, 480));
    assertThat(grid.fit(new Size(10, 7))).isEqualTo(new Size(32, 32));
  }

  @Test
  void aLargePictureIsScaledDownKeepingItsShape() {
    Size fitted = new InputSize.Free(8, 640 * 360).grid().fit(new Size(3840, 2160));
    assertThat(fitted).isEqualTo(new Size(640, 360));
  }

  @Test
  void whateverComesTheGridIsOneThatTheReleaseTakes() {
    Random random = new Random(9);
    for (int i = 0; i < 20_000; i++) {
      int multiple = 1 + random.nextInt(64);
      long max = (long) multiple * multiple * (1 + random.nextInt(500));
      InputSize free = new InputSize.Free(multiple, max);
      Size picture = new Size(1 + random.nextInt(9000), 1 + random.nextInt(9000));
      assertThat(free.takes(free.grid().fit(picture))).as("%s of %s", picture, free).isTrue();
    }
  }

  @Test
  void aSizeIsWrittenWidthFirst() {
    assertThat(InputSize.parseSize("960x540")).isEqualTo(new Size(960, 540));
    assertThatThrownBy(() -> InputSize.parseSize("960*540"))
        .hasMessageContaining("WIDTHxHEIGHT")
        .hasMessageContaining("960*540");
  }
}
