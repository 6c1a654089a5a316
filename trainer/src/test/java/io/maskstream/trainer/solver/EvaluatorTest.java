package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Planes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

  private static final Palette THINGS =
      new Palette(List.of("sky", "road", "cow"), List.of(1, 2, 3));
  private static final Palette GEOMETRY =
      new Palette(List.of("horizontal", "vertical"), List.of(1, 2));

  /// Two pictures of 4 pixels in the manner of SIFT Flow: semantic and geometric labels, and a
  /// class that the split does not show.
  private record TwoHeads(int otherPlanes) implements LabelledSet {

    @Override
    public Palette classes() {
      return THINGS;
    }

    @Override
    public Map<String, Palette> further() {
      return Map.of("geometry", GEOMETRY);
    }

    @Override
    public Set<Integer> uncounted() {
      return Set.of(2);
    }

    @Override
    public int size() {
      return 2;
    }

    @Override
    public String name(int index) {
      return "picture " + index;
    }

    @Override
    public LabelledPicture read(int index) {
      byte[] things = index == 0 ? new byte[] {0, 0, 1, 1} : new byte[] {1, 1, 1, -1};
      byte[] geometry = index == 0 ? new byte[] {-1, 0, 0, 1} : new byte[] {1, 1, 1, 1};
      return new LabelledPicture(
          name(index),
          new RgbPicture(2, 2, new byte[12]),
          otherPlanes == 0 ? Planes.NONE : new Planes(otherPlanes, new float[4 * otherPlanes]),
          new ClassPicture(2, 2, things),
          Map.of("geometry", new ClassPicture(2, 2, geometry)));
    }
  }

  @Test
  void scoresBothHeadsEachByItsOwnLabels() {
    byte[] things = {0, 1, 1, 2};
    byte[] geometry = {0, 0, 1, 1};
    Judgement judgement =
        new Evaluator(new TwoHeads(0))
            .judge(_ -> Map.of(TorchGraph.LOGITS, things, "geometry", geometry), _ -> {});
    // sky: 1 right of 2 true and 2 said; road: 3 right of 5 and 4; cow, which is not counted: 1
    // said.
    assertThat(judgement.scores().meanIou()).isCloseTo((1 / 3.0 + 3 / 6.0) / 2, within(1e-12));
    assertThat(judgement.scores().pixelAccuracy()).isEqualTo(4 / 7.0);
    assertThat(judgement.report().text()).contains("*cow").contains("* not in means");
    // horizontal: 1 right of 2 and 3; vertical: 3 right of 5 and 4.
    assertThat(judgement.further()).containsOnlyKeys("geometry");
    assertThat(judgement.further().get("geometry").scores().meanIou())
        .isCloseTo((1 / 4.0 + 3 / 6.0) / 2, within(1e-12));
    assertThat(judgement.further().get("geometry").scores().pixels()).isEqualTo(7);
  }

  @Test
  void judgesANetThatDoesNotTellTheFurtherLabelsByItsOwn() {
    byte[] things = {0, 0, 1, 1};
    Judgement judgement =
        new Evaluator(new TwoHeads(0)).judge(_ -> Map.of(TorchGraph.LOGITS, things), _ -> {});
    assertThat(judgement.scores().pixelAccuracy()).isEqualTo(5 / 7.0);
    assertThat(judgement.further()).isEmpty();
  }

  @Test
  void leavesOutWhatItIsToldToBesidesWhatTheSetDoes() {
    byte[] things = {0, 1, 1, 2};
    Evaluation withoutSky =
        new Evaluation(Optional.empty(), Optional.empty(), List.of(1.0), false, Set.of("sky"));
    Judgement judgement =
        new Evaluator(new TwoHeads(0), withoutSky)
            .judge(_ -> Map.of(TorchGraph.LOGITS, things), _ -> {});
    assertThat(judgement.scores().meanIou()).isEqualTo(3 / 6.0);
    assertThat(judgement.report().text()).contains("means without sky");
    assertThatThrownBy(() ->
            new Evaluator(
                new TwoHeads(0),
                new Evaluation(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(1.0),
                    false,
                    Set.of("sky", "road"))))
        .hasMessageContaining("all classes are left out");
  }

  @Test
  void namesAPictureWhosePlanesTheGraphDoesNotRead() {
    try (TorchGraph graph = TorchGraph.load(TinyNet.build(3), Placement.cpu())) {
      assertThatThrownBy(() -> new Evaluator(new TwoHeads(1)).judge(graph))
          .isInstanceOf(SolverException.class)
          .hasMessageContaining("reads 3 planes")
          .hasMessageContaining("picture 0 has 4");
    }
  }
}
