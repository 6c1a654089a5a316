package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.geom.Path2D;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AreaTest {

  private static final int WIDTH = 40;
  private static final int HEIGHT = 30;

  /// Java's own test of a point in a path, for every pixel's centre; outlines cross themselves and
  /// leave the picture.
  @Test
  void paintsThePixelsWhoseCentresAPolygonEncloses() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 200; run++) {
      int corners = 3 + random.nextInt(8);
      double[] xs = random.doubles(corners, -10, WIDTH + 10).toArray();
      double[] ys = random.doubles(corners, -10, HEIGHT + 10).toArray();
      Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      path.moveTo(xs[0], ys[0]);
      IntStream.range(1, corners).forEach(i -> path.lineTo(xs[i], ys[i]));
      path.closePath();
      byte[] classes = new byte[WIDTH * HEIGHT];
      new Area.Polygon(xs, ys).paint(classes, WIDTH, HEIGHT, (byte) 7);
      for (int i = 0; i < classes.length; i++) {
        boolean inside = path.contains(i % WIDTH + 0.5, i / WIDTH + 0.5);
        assertThat(classes[i]).as("run %d pixel %d", run, i).isEqualTo((byte) (inside ? 7 : 0));
      }
    }
  }

  /// Two that share an edge through pixels' centres paint each pixel once.
  @Test
  void paintsNeighboursWithoutGapAndOverlap() {
    byte[] left = new byte[WIDTH * HEIGHT];
    byte[] right = new byte[WIDTH * HEIGHT];
    double[] ys = {0, 0, HEIGHT, HEIGHT};
    new Area.Polygon(new double[] {0, 10.5, 20.5, 0}, ys).paint(left, WIDTH, HEIGHT, (byte) 1);
    new Area.Polygon(new double[] {10.5, WIDTH, WIDTH, 20.5}, ys)
        .paint(right, WIDTH, HEIGHT, (byte) 1);
    for (int i = 0; i < left.length; i++) {
      assertThat(left[i] + right[i]).isEqualTo(1);
    }
  }

  @Test
  void paintsRunsRowByRowWithinTheirRectangle() {
    byte[] classes = new byte[5 * 3];
    new Area.Runs(1, 1, 3, 2, new int[] {1, 3, 2}).paint(classes, 5, 3, (byte) 9);
    assertThat(classes).containsExactly(0, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 0, 0, 0);
    byte[] cut = new byte[5 * 3];
    new Area.Runs(4, 2, 2, 2, new int[] {0, 4}).paint(cut, 5, 3, (byte) 9);
    assertThat(cut).endsWith(9).containsOnlyOnce(9);
  }

  @Test
  void refusesRunsThatDoNotFillTheirRectangle() {
    assertThatThrownBy(() -> new Area.Runs(0, 0, 3, 2, new int[] {1, 4}))
        .hasMessage("runs do not fill the mask: pixels=5 mask=3x2");
    assertThatThrownBy(() -> new Area.Runs(0, 0, 3, 2, new int[] {7, -1}))
        .hasMessageContaining("runs do not fill the mask");
    assertThatThrownBy(() -> new Area.Polygon(new double[2], new double[2]))
        .hasMessageContaining("fewer than 3 corners");
  }
}
