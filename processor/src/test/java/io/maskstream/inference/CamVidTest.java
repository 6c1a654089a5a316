package io.maskstream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.SharedModels;
import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A real net on real labelled video: the right classes, and not merely the same as before.
class CamVidTest {

  /// The figure known for this net on these frames.
  private static final double MEAN_IOU = 0.524;

  @Test
  void thePackagedCityscapesDeepLabScoresItsKnownMeanIouOnCamVid() {
    ReleaseFile release =
        new Packager(new OrtGraphRunner())
            .pack(
                SharedModels.file("models/deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32.onnx"),
                PackagingOptions.of("deeplab", "1"))
            .release();
    Path shared = SharedModels.file("camvid").getParent();
    CamVid score = new CamVid();
    InferenceSettings settings =
        InferenceSettings.standard().withProvider(Provider.CPU).withBatch(1, Duration.ZERO);
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(release, settings, InferenceObserver.NONE)) {
      for (Path png : CamVid.frames(shared)) {
        BufferedImage picture = CamVid.read(png);
        Size source = new Size(picture.getWidth(), picture.getHeight());
        Size grid = segmenter.grid().fit(source);
        Frame frame = new Frame(grid, source, bilinear(picture, grid), _ -> {});
        ClassMap map = segmenter.submit(frame).join().classMap();
        score.add(map.classes(), map.size(), CamVid.read(CamVid.label(png)));
      }
    }
    assertThat(score.meanIou()).isCloseTo(MEAN_IOU, within(0.01));
  }

  /// Bilinear with pixel centres at halves, as the naive formula has it.
  private static ByteBuffer bilinear(BufferedImage picture, Size size) {
    int[] from =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    ByteBuffer rgb = ByteBuffer.allocateDirect((int) size.pixels() * 3);
    for (int y = 0; y < size.height(); y++) {
      double v = position(y, size.height(), picture.getHeight());
      int top = (int) v;
      int bottom = Math.min(top + 1, picture.getHeight() - 1);
      for (int x = 0; x < size.width(); x++) {
        double u = position(x, size.width(), picture.getWidth());
        int left = (int) u;
        int right = Math.min(left + 1, picture.getWidth() - 1);
        for (int shift = 16; shift >= 0; shift -= 8) {
          double upper = mix(from, top * picture.getWidth(), left, right, u - left, shift);
          double lower = mix(from, bottom * picture.getWidth(), left, right, u - left, shift);
          rgb.put((byte) Math.round(upper + (lower - upper) * (v - top)));
        }
      }
    }
    return rgb.flip();
  }

  private static double position(int i, int to, int from) {
    return Math.clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
  }

  private static double mix(int[] from, int row, int left, int right, double part, int shift) {
    int a = from[row + left] >> shift & 0xff;
    int b = from[row + right] >> shift & 0xff;
    return a + (b - a) * part;
  }
}
