package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.Planes;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.solver.Sliding.Part;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  private static final int CLASSES = 7;
  private static final int WIDTH = 95;
  private static final int HEIGHT = 67;
  private static final double TIE = 1e-5;

  private static final Optional<Sliding> WINDOWS =
      Optional.of(new Sliding(new Size(41, 30), new Size(27, 17)));

  private final OnnxModel model = SizedNet.build(3, Map.of("logits", CLASSES), "half_pixel");
  private final LabelledPicture picture = Scenes.of(5, 1, WIDTH, HEIGHT, Look.VARIED).read(0);

  @Test
  void windowsAgreeWithTheNaiveOnesOnSizesThatTheyDoNotDivide() {
    Evaluation windows = new Evaluation(Optional.empty(), WINDOWS, List.of(1.0), false, Set.of());
    List<int[]> own = List.of(new int[] {HEIGHT, WIDTH});
    assertThat(agreeing(model, "half_pixel", picture, windows, own)).isGreaterThan(0.02);
  }

  @Test
  void windowsLargerThanThePictureShowItWhole() {
    Evaluation windows =
        new Evaluation(
            Optional.empty(),
            Optional.of(new Sliding(new Size(200, 30), new Size(150, 20))),
            List.of(1.0),
            false,
            Set.of());
    List<int[]> own = List.of(new int[] {HEIGHT, WIDTH});
    assertThat(agreeing(model, "half_pixel", picture, windows, own)).isGreaterThan(0.01);
  }

  @Test
  void scalesAndMirrorAgreeWithTheNaiveOnes() {
    Evaluation scaled =
        new Evaluation(
            Optional.empty(), Optional.empty(), List.of(0.5, 0.75, 1.0, 1.75), true, Set.of());
    // 95 x 67 times the scales, to the nearest.
    List<int[]> sizes =
        List.of(new int[] {34, 48}, new int[] {50, 71}, new int[] {67, 95}, new int[] {117, 166});
    assertThat(agreeing(model, "half_pixel", picture, scaled, sizes)).isGreaterThan(0.05);
  }

  @Test
  void allTogetherAgreesWithTheNaiveOneForANetThatAlignsCorners() {
    Evaluation all =
        new Evaluation(
            Optional.of(new Size(50, 120)), WINDOWS, List.of(0.5, 1.25), true, Set.of("road"));
    // Into 60 x 25, then 150 x 62: the shorter sides bind, 25 / 67 and 62 / 67.
    List<int[]> sizes = List.of(new int[] {25, 35}, new int[] {62, 88});
    OnnxModel aligned = SizedNet.build(3, Map.of("logits", CLASSES), "align_corners");
    assertThat(agreeing(aligned, "align_corners", picture, all, sizes)).isGreaterThan(0.05);
  }

  @Test
  void planesBehindTheColoursAndASecondHeadAreSeenToo() {
    OnnxModel two = SizedNet.build(5, Map.of("logits", CLASSES, "geometry", 3), "half_pixel");
    Random random = new Random(3);
    float[] values = new float[2 * WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = 40 * (i / WIDTH % 5) + 100 * random.nextFloat();
    }
    ClassPicture geometry = new ClassPicture(WIDTH, HEIGHT, new byte[WIDTH * HEIGHT]);
    LabelledPicture deep =
        new LabelledPicture(
            "deep",
            picture.picture(),
            new Planes(2, values),
            picture.labels(),
            Map.of("geometry", geometry));
    Evaluation seen = new Evaluation(Optional.empty(), WINDOWS, List.of(1.0, 0.75), true, Set.of());
    List<int[]> sizes = List.of(new int[] {HEIGHT, WIDTH}, new int[] {50, 71});
    assertThat(agreeing(two, "half_pixel", deep, seen, sizes)).isGreaterThan(0.02);
  }

  /// Compares every output with the naive one.
  ///
  /// @return share of pixels to which a whole picture at its own size would give another class
  private static double agreeing(
      OnnxModel model,
      String coordinates,
      LabelledPicture picture,
      Evaluation evaluation,
      List<int[]> sizes) {
    boolean aligns = coordinates.equals("align_corners");
    Map<String, byte[]> classes;
    Map<String, byte[]> plain;
    try (TorchGraph graph = TorchGraph.load(model, Placement.cpu())) {
      classes = new TorchPredictor(graph, evaluation).classes(picture);
      plain = new TorchPredictor(graph, Evaluation.WHOLE).classes(picture);
    }
    assertThat(classes.keySet()).hasSize(1 + picture.further().size());
    classes.forEach((output, got) -> {
      try (NaiveViews naive = new NaiveViews(model, output, aligns)) {
        evaluation
            .sliding()
            .ifPresent(sliding -> {
              naive.window = new int[] {sliding.window().height(), sliding.window().width()};
              naive.step = new int[] {sliding.step().height(), sliding.step().width()};
            });
        compare(got, naive.probabilities(planes(picture), sizes, evaluation.mirrored()));
      }
    });
    byte[] got = classes.get("logits");
    int moved = 0;
    for (int i = 0; i < got.length; i++) {
      moved += got[i] != plain.get("logits")[i] ? 1 : 0;
    }
    return moved / (double) got.length;
  }

  private static void compare(byte[] got, double[][][] probabilities) {
    List<Double> seen = new ArrayList<>();
    for (int i = 0; i < got.length; i++) {
      double best = 0;
      for (double[][] plane : probabilities) {
        best = Math.max(best, plane[i / WIDTH][i % WIDTH]);
      }
      double given = probabilities[got[i]][i / WIDTH][i % WIDTH];
      assertThat(best - given).as("pixel %d,%d", i % WIDTH, i / WIDTH).isLessThan(TIE);
      seen.add((double) got[i]);
    }
    assertThat(Set.copyOf(seen)).as("classes seen").hasSizeGreaterThan(1);
  }

  private static double[][][] planes(LabelledPicture picture) {
    RgbPicture colors = picture.picture();
    Planes others = picture.others();
    double[][][] planes = new double[3 + others.count()][HEIGHT][WIDTH];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      for (int c = 0; c < planes.length; c++) {
        planes[c][i / WIDTH][i % WIDTH] =
            c < 3
                ? Byte.toUnsignedInt(colors.rgb()[3 * i + c])
                : others.values()[(c - 3) * WIDTH * HEIGHT + i];
      }
    }
    return planes;
  }

  @Test
  void laysWindowsOverCityscapesAsPublished() {
    // 2048 x 1024 in 769 x 769 at 513: the last row and column are shifted back inside.
    assertThat(new Sliding(new Size(769, 769), new Size(513, 513)).over(2048, 1024))
        .extracting(Part::x, Part::y)
        .containsExactly(
            tuple(0, 0),
            tuple(513, 0),
            tuple(1026, 0),
            tuple(1279, 0),
            tuple(0, 255),
            tuple(513, 255),
            tuple(1026, 255),
            tuple(1279, 255));
  }

  @Test
  void scalesIntoALongAndAShortSideWhicheverWayThePictureLies() {
    Evaluation voc =
        new Evaluation(
            Optional.of(new Size(2048, 512)), Optional.empty(), List.of(1.0), false, Set.of());
    assertThat(voc.seen(500, 375, 1)).isEqualTo(new Size(683, 512));
    assertThat(voc.seen(375, 500, 1)).isEqualTo(new Size(512, 683));
    assertThat(voc.seen(500, 375, 1.75)).isEqualTo(new Size(1195, 896));
    assertThat(voc.seen(500, 100, 1)).isEqualTo(new Size(2048, 410));
    assertThat(Evaluation.WHOLE.seen(501, 333, 0.5)).isEqualTo(new Size(251, 167));
  }

  @Test
  void saysItselfInWords() {
    assertThat(Evaluation.WHOLE).hasToString("pictures at their own size, whole");
    assertThat(
            new Evaluation(
                Optional.of(new Size(2048, 512)), WINDOWS, List.of(0.5, 1.0), true, Set.of("cow")))
        .hasToString(
            "pictures scaled into 2048x512, in windows of 41x30 at steps of 27x17, times 0.5 1, and"
                + " mirrored; means without cow");
  }

  @Test
  void refusesWhatCannotBeSeen() {
    assertThatThrownBy(() -> new Sliding(new Size(9, 9), new Size(9, 10)))
        .hasMessageContaining("window=9x9 step=9x10");
    for (List<Double> scales : List.of(List.<Double>of(), List.of(0.0), List.of(1.0, 1.0))) {
      assertThatThrownBy(
              () -> new Evaluation(Optional.empty(), Optional.empty(), scales, false, Set.of()))
          .hasMessageContaining("scale");
    }
    Evaluation odd =
        new Evaluation(Optional.empty(), Optional.empty(), List.of(1.0), false, Set.of("cow"));
    assertThatThrownBy(() -> new Evaluator(new TinySet(1, 1), odd))
        .hasMessage("no class \"cow\" to leave out of means; there are class 0, class 1, class 2");
  }
}
