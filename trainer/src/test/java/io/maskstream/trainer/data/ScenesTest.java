package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.camera.Scene;
import io.maskstream.camera.Scene.Look;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScenesTest {

  @Test
  void areTheSameAgainAndOthersFromAnotherSeed() {
    LabelledPicture picture = Scenes.of(3, 10, 96, 64, Look.VARIED).read(7);
    LabelledPicture again = Scenes.of(3, 10, 96, 64, Look.VARIED).read(7);
    assertThat(again.picture().rgb()).isEqualTo(picture.picture().rgb());
    assertThat(again.labels().classes()).isEqualTo(picture.labels().classes());
    assertThat(Scenes.of(4, 10, 96, 64, Look.VARIED).read(7).labels().classes())
        .isNotEqualTo(picture.labels().classes());
    assertThat(Scenes.of(3, 10, 96, 64, Look.VARIED).read(6).labels().classes())
        .isNotEqualTo(picture.labels().classes());
  }

  @Test
  void showEveryClassOfTheDemosPalette() {
    Scenes scenes = Scenes.of(1, 30, 96, 64, Look.VARIED);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < scenes.size(); i++) {
      for (byte id : scenes.read(i).labels().classes()) {
        seen.add((int) id);
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    assertThat(scenes.classes().names())
        .containsExactlyElementsOf(Scene.CLASSES.stream().map(Scene.SceneClass::name).toList());
  }

  @Test
  void areAsAVideoWhatACameraOfThatSeedShows() {
    Scenes video = Scenes.video(9, 20, 96, 64, Look.PLAIN, 10);
    Scene.Picture shown = new Scene(9, 96, 64).at(1.5);
    assertThat(video.read(15).picture().rgb()).isEqualTo(shown.rgb());
    assertThat(video.read(15).labels().classes()).isEqualTo(shown.classes());
    assertThat(video.name(15)).isEqualTo("scene-9-00015");
  }

  @Test
  void refuseNumbersThatMakeNoSet() {
    assertThatThrownBy(() -> Scenes.of(1, 0, 96, 64, Look.PLAIN)).hasMessageContaining("0");
    assertThatThrownBy(() -> Scenes.video(1, 5, 96, 64, Look.PLAIN, 0))
        .hasMessageContaining("frames a second");
  }
}
