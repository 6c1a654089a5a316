package io.maskstream.inference;

import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.video.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// CamVid's val frames with their labels, and how a Cityscapes net is scored on them: its 19
/// classes are mapped to CamVid's 11, its class map is brought to the label's size by the nearest
/// pixel, and pixels labelled 11 (void) are left out.
public final class CamVid {

  public static final int CLASSES = 11;
  private static final int VOID = 11;

  /// By Cityscapes' train ids: wall goes to building, traffic light to sign symbol, terrain to
  /// tree, rider and motorcycle to bicyclist, truck, bus and train to car.
  private static final int[] OF_CITYSCAPES = {
    3, 4, 1, 1, 7, 2, 6, 6, 5, 5, 0, 9, 10, 8, 8, 8, 8, 10, 10
  };

  private final ConfusionMatrix confusion = new ConfusionMatrix(CLASSES);

  /// The PNG files of val in their order.
  public static List<Path> frames(Path shared) {
    try (Stream<Path> files = Files.list(shared.resolve("camvid/val"))) {
      return files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The label of a val frame.
  public static Path label(Path frame) {
    return frame.getParent().resolveSibling("valannot").resolve(frame.getFileName());
  }

  public static BufferedImage read(Path png) {
    try {
      return ImageIO.read(png.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Counts one frame.
  public void add(byte[] cityscapes, Size size, BufferedImage label) {
    byte[] truth = new byte[label.getWidth() * label.getHeight()];
    byte[] made = new byte[truth.length];
    for (int i = 0; i < truth.length; i++) {
      int x = i % label.getWidth();
      int y = i / label.getWidth();
      int id = label.getRaster().getSample(x, y, 0);
      truth[i] = (byte) (id == VOID ? ConfusionMatrix.IGNORE : id);
      int row = (int) ((y + 0.5) * size.height() / label.getHeight());
      int column = (int) ((x + 0.5) * size.width() / label.getWidth());
      made[i] = (byte) OF_CITYSCAPES[cityscapes[row * size.width() + column]];
    }
    confusion.add(truth, made);
  }

  public double meanIou() {
    return Scores.of(confusion).meanIou();
  }
}
