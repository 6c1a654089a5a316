package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.MatlabWriter.compressed;
import static io.maskstream.trainer.data.MatlabWriter.matrix;
import static io.maskstream.trainer.data.MatlabWriter.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.painting.ClassPicture;
import io.maskstream.trainer.data.MatlabWriter.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatlabFileTest {

  private static final LabelValues VALUES = LabelValues.from0(21);
  private static final IntBinaryOperator SLOPE = (x, y) -> x + 3 * y;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void readsColumnsAsMatlabHasThemWhateverTheNumbersAre(Kind kind) throws IOException {
    byte[] other = matrix("other", Kind.DOUBLE, 2, 2, (x, y) -> 99);
    byte[] labels = matrix("S", kind, 5, 4, SLOPE);
    for (Path file :
        new Path[] {
          MatlabWriter.write(folder.resolve("plain.mat"), other, labels),
          MatlabWriter.write(folder.resolve("packed.mat"), compressed(other), compressed(labels))
        }) {
      ClassPicture read = MatlabFile.labels(file, "S", VALUES);
      assertThat(read.width()).isEqualTo(5);
      assertThat(read.height()).isEqualTo(4);
      assertSlope(read);
    }
  }

  @Test
  void readsAFieldOfAStruct() throws IOException {
    byte[] struct =
        struct(
            "GTcls",
            new String[] {"Boundaries", "Segmentation"},
            matrix("", Kind.DOUBLE, 1, 20, (x, y) -> 0),
            matrix("", Kind.UINT8, 5, 4, SLOPE));
    Path file = MatlabWriter.write(folder.resolve("x.mat"), compressed(struct));
    assertSlope(MatlabFile.labels(file, "GTcls.Segmentation", VALUES));
    assertThatThrownBy(() -> MatlabFile.labels(file, "GTcls.Segments", VALUES))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "MATLAB file has no GTcls.Segments: %s; GTcls has Boundaries, Segmentation", file);
    assertThatThrownBy(() -> MatlabFile.labels(file, "GTcls", VALUES))
        .hasMessageContaining("labels are no matrix: %s GTcls", file);
    Path plain = MatlabWriter.write(folder.resolve("y.mat"), matrix("S", Kind.UINT8, 5, 4, SLOPE));
    assertThatThrownBy(() -> MatlabFile.labels(plain, "S.T", VALUES))
        .hasMessageContaining("variable is no struct: %s S", plain);
  }

  @Test
  void saysWhichVariablesThereAre() throws IOException {
    Path file =
        MatlabWriter.write(
            folder.resolve("x.mat"),
            matrix("LabelMap", Kind.UINT16, 5, 4, SLOPE),
            matrix("names", Kind.UINT8, 5, 4, SLOPE));
    assertThatThrownBy(() -> MatlabFile.labels(file, "S", VALUES))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage("MATLAB file has no S: %s; it has LabelMap, names", file);
  }

  @Test
  void saysWhichLabelIsOutOfRangeAndWhere() throws IOException {
    Path file =
        MatlabWriter.write(
            folder.resolve("x.mat"),
            matrix("S", Kind.INT16, 5, 4, (x, y) -> x == 3 && y == 1 ? 77 : 0));
    assertThatThrownBy(() -> MatlabFile.labels(file, "S", VALUES))
        .hasMessage(
            "label is out of range: %s value=77 x=3 y=1; allowed are classes 0 to 20, ignored 255",
            file);
    Path negative =
        MatlabWriter.write(folder.resolve("y.mat"), matrix("S", Kind.INT16, 5, 4, (x, y) -> -1));
    assertThatThrownBy(() -> MatlabFile.labels(negative, "S", VALUES))
        .hasMessageContaining("value=-1 x=0 y=0");
    assertThat(MatlabFile.labels(negative, "S", VALUES.ignoring(-1)).classes()).containsOnly(-1);
  }

  @Test
  void saysThatVersion73IsToBeSavedAgain() throws IOException {
    byte[] signature = "\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = new byte[2048];
    System.arraycopy(signature, 0, bytes, 512, signature.length);
    Path file = folder.resolve("x.mat");
    Files.write(file, bytes);
    assertThatThrownBy(() -> MatlabFile.labels(file, "S", VALUES))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "MATLAB file has version 7.3 (HDF5): %s; version 5 is read, save it again with -v7",
            file);
  }

  @Test
  void saysWhichFileIsBroken() throws IOException {
    Path file =
        MatlabWriter.write(
            folder.resolve("x.mat"), compressed(matrix("S", Kind.UINT8, 50, 40, (x, y) -> x * y)));
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 100, 130, bytes.length / 2, bytes.length - 20}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> MatlabFile.labels(file, "S", VALUES))
          .as("cut to %d of %d", length, bytes.length)
          .isInstanceOf(LabelledSetException.class)
          .hasMessageContaining(file.toString());
    }
    assertThatThrownBy(() -> MatlabFile.labels(folder.resolve("none.mat"), "S", VALUES))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("none.mat");
  }

  private static void assertSlope(ClassPicture read) {
    for (int i = 0; i < read.classes().length; i++) {
      assertThat(read.classes()[i]).isEqualTo((byte) SLOPE.applyAsInt(i % 5, i / 5));
    }
  }
}
