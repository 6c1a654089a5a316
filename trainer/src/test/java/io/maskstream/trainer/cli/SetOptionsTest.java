package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.LabelledSetException;
import io.maskstream.trainer.data.LabelledSets;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SetOptionsTest {

  @TempDir Path folder;

  /// Both folders are there, as in a copy of VOC 2010 with PASCAL-Context.
  @Test
  void namesTheSetWhereTheFoldersLookLikeAnother() throws IOException {
    image("JPEGImages/a.jpg");
    image("SegmentationClass/a.png");
    image("SegmentationClassContext/a.png");
    assertThat(open("").classes().size()).isEqualTo(21);
    assertThat(open("", "--set", "pascal-context").classes().size()).isEqualTo(60);
    assertThat(open("", "--set", "pascal-context-59").classes().size()).isEqualTo(59);
  }

  @Test
  void saysWhichSetsThereAre() {
    assertThatThrownBy(() -> open("train", "--set", "sift-flow"))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("no data set is known as sift-flow; there are ade20k, camvid");
    assertThatThrownBy(() -> open("train", "--set", "voc", "--planes", "color-depth"))
        .hasMessage("voc has no planes color-depth, only color; nyudv2 has");
    assertThatThrownBy(() -> open("train", "--planes", "hha"))
        .hasMessageContaining("NYUDv2 is not there: no segmentation in " + folder);
    String help = new CommandLine(new Asked()).getUsageMessage();
    assertThat(LabelledSets.names())
        .hasSize(13)
        .allSatisfy(name -> assertThat(help).contains(name));
  }

  @Command
  private static final class Asked {
    @CommandLine.Mixin SetOptions set = new SetOptions();
  }

  private LabelledSet open(String split, String... more) {
    Asked asked = new Asked();
    CommandLine line = new CommandLine(asked).setCaseInsensitiveEnumValuesAllowed(true);
    String[] words = new String[more.length + 2];
    words[0] = "--data";
    words[1] = folder.toString();
    System.arraycopy(more, 0, words, 2, more.length);
    line.parseArgs(words);
    return asked.set.open(split, false);
  }

  private void image(String name) throws IOException {
    File file = folder.resolve(name).toFile();
    Files.createDirectories(file.toPath().getParent());
    ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY), "png", file);
  }
}
