package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.autograd.Parity;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.net.Network;
import io.maskstream.video.Size;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// Whether libtorch and ONNX Runtime say the same of a picture, a line for each network's output.
final class ParityTable {

  private final PrintWriter out;
  private final RgbPicture picture;

  ParityTable(PrintWriter out, RgbPicture picture) {
    this.out = out;
    this.picture = picture;
  }

  /// Runs one network after the other, as only one may fit into memory.
  ///
  /// @return whether all of them agree
  boolean print(List<Network> networks) {
    out.printf(
        "%-27s %-9s %10s %11s %10s %7s%n",
        "network", "output", "range", "difference", "same class", "classes");
    boolean all = true;
    for (Network network : networks) {
      OnnxModel model = DrawnScores.in(network.build(network.classes()));
      int planes = (int) model.graph().inputs().getFirst().shape().get(1).size();
      List<Parity> found =
          Parity.of(model, planes(planes), 1, planes, picture.height(), picture.width());
      for (Parity parity : found) {
        out.printf(
            Locale.ROOT,
            "%-27s %-9s %10.3g %11.1e %9.4f%% %7d%s%n",
            network.name(),
            parity.output(),
            parity.high() - parity.low(),
            parity.relative(),
            100 * parity.share(),
            parity.winners(),
            parity.holds() ? "" : "  DIFFERS");
        all &= parity.holds();
      }
      out.flush();
    }
    return all;
  }

  /// The colours, then as many of them again as the network has further planes.
  private float[] planes(int count) {
    int pixels = picture.width() * picture.height();
    float[] planes = new float[count * pixels];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = picture.rgb()[3 * (i % pixels) + i / pixels % 3] & 0xff;
    }
    return planes;
  }

  static RgbPicture scaled(RgbPicture picture, Size size) {
    BufferedImage image =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(picture.image(), 0, 0, size.width(), size.height(), null);
    graphics.dispose();
    byte[] rgb = new byte[3 * size.width() * size.height()];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / 3;
      rgb[i] =
          (byte) (image.getRGB(pixel % size.width(), pixel / size.width()) >> (16 - 8 * (i % 3)));
    }
    return new RgbPicture(size.width(), size.height(), rgb);
  }
}
