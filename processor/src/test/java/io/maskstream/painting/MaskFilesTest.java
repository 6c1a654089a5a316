package io.maskstream.painting;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class MaskFilesTest {

  @Test
  void aPalettePngHoldsClassIdsAndOnlyLooksColoured() throws Exception {
    byte[] classes = new byte[33 * 9];
    new Random(5).nextBytes(classes);
    byte[] png = MaskFiles.palettePng(new ClassPicture(33, 9, classes), ClassColors.VOC);
    assertThat(png[24]).as("bit depth of IHDR").isEqualTo((byte) 8);
    assertThat(png[25]).as("colour type of IHDR: palette").isEqualTo((byte) 3);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat((byte[]) read.getRaster().getDataElements(0, 0, 33, 9, null)).isEqualTo(classes);
    IndexColorModel palette = (IndexColorModel) read.getColorModel();
    assertThat(palette.getMapSize()).isEqualTo(256);
    assertThat(palette.getRGB(15) & 0xffffff).as("person").isEqualTo(0xc08080);
    assertThat(palette.getRGB(255) & 0xffffff).as("void").isEqualTo(0xe0e0c0);
  }
}
