package io.maskstream.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaletteTest {

  @Test
  void knowsTheDataSets() {
    assertThat(Palette.known("cityscapes").size()).isEqualTo(19);
    assertThat(Palette.known("camvid").names().get(9)).isEqualTo("pedestrian");
    assertThat(Palette.known("road").names())
        .containsExactly("background", "road", "kerb", "marking");
    assertThat(Palette.known("ade20k").names()).hasSize(150).startsWith("wall").endsWith("flag");
    assertThatThrownBy(() -> Palette.known("sift-flow"))
        .hasMessageContaining("sift-flow")
        .hasMessageContaining("name a file");
  }

  /// The file of VOC's colours was written by hand, the numbered ones come from the bits of the id.
  @Test
  void numberedClassesHaveTheColoursOfVoc() {
    assertThat(Palette.numbered(21).colors()).isEqualTo(Palette.known("voc").colors());
  }

  @Test
  void isReadBackAsItWasWritten() {
    for (String name : Palette.KNOWN) {
      Palette palette = Palette.known(name);
      assertThat(Palette.parse(palette.text(), name)).isEqualTo(palette);
    }
  }

  @Test
  void coloursMayBeLeftOutAndLinesMayBeNotes() {
    Palette palette = Palette.parse("# of mine\nsky\n\nroad #804080\n", "classes.txt");
    assertThat(palette.names()).containsExactly("sky", "road");
    assertThat(palette.colors()).containsExactly(0, 0x804080);
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Palette.parse("", "classes.txt")).hasMessageContaining("classes.txt");
    assertThatThrownBy(() -> Palette.parse("road\nroad\n", "classes.txt"))
        .hasMessageContaining("there twice: \"road\"");
    assertThatThrownBy(() -> Palette.parse("sky #bluish\n", "classes.txt"))
        .hasMessageContaining("sky")
        .hasMessageContaining("#804080");
  }
}
