package io.maskstream.release;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The golden frames of a release: drawn when it is packaged, read when it is loaded. Releases from
/// before there were any have none.
public final class GoldenFrames {

  /// Libraries and processors round differently, and where two classes nearly tie it shows; a
  /// release that is damaged or fed otherwise differs in far more.
  public static final double MAX_DIFFERING = 0.02;

  private static final Size PICTURE = new Size(64, 48);
  private static final List<Size> FRAMES = List.of(new Size(192, 128), new Size(128, 160));
  private static final String KEY = "maskstream.golden.";
  private static final int MOST = 2;

  private GoldenFrames() {}

  /// Runs the release and writes down what it gives, in place of what the graph brought along.
  ///
  /// @return for people: what was left out, and why
  static List<String> put(OnnxModel model, InputSize inputSize, Running release) {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      model.metadata().remove(KEY + i);
      byte[] rgb = Probe.draw(PICTURE, 100 + i);
      Size frame = inputSize.grid().fit(FRAMES.get(i));
      try {
        Optional<GoldenFrame> golden = run(release, rgb, frame);
        String key = KEY + i;
        golden.ifPresentOrElse(
            kept -> model.metadata().put(key, kept.text()),
            () -> notes.add("no golden frame of " + frame + ": its class map is too large"));
      } catch (RuntimeException e) {
        // Packaging has seen the release run on frames of other sizes.
        notes.add("no golden frame of " + frame + ": " + e.getMessage());
      }
    }
    return notes;
  }

  private static Optional<GoldenFrame> run(Running release, byte[] rgb, Size frame) {
    Tensor frames =
        new Tensor.Bytes(
            new long[] {1, frame.height(), frame.width(), 3},
            GoldenFrame.enlarged(rgb, PICTURE, frame));
    Map<String, Tensor> made = release.run(ReleaseFile.INPUT, frames);
    if (made.get(ReleaseFile.CLASSES) instanceof Tensor.Bytes(long[] shape, byte[] classes)
        && shape.length == 3) {
      Size map = new Size(Math.toIntExact(shape[2]), Math.toIntExact(shape[1]));
      return GoldenFrame.of(frame, PICTURE, rgb, map, classes);
    }
    throw new ReleaseException("release gives no bytes as " + ReleaseFile.CLASSES);
  }

  /// The golden frames of a release; none where it has none.
  ///
  /// @throws ReleaseException if they cannot be read, or are of a size that the release cannot take
  public static List<GoldenFrame> of(ReleaseFile release) {
    List<GoldenFrame> frames = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      String text = release.metadata().get(KEY + i);
      if (text == null) {
        continue;
      }
      try {
        GoldenFrame frame = GoldenFrame.parse(text);
        if (!release.inputSize().takes(frame.frame())) {
          throw new IllegalArgumentException(
              "golden frame of " + frame.frame() + " for input " + release.inputSize());
        }
        frames.add(frame);
      } catch (IllegalArgumentException e) {
        throw new ReleaseException(
            "release "
                + release
                + ": entry "
                + KEY
                + i
                + " cannot be read: "
                + e.getMessage()
                + "; package it again",
            e);
      }
    }
    return frames;
  }

  /// Pictures for a release without golden frames: no class map to compare with.
  ///
  /// @return height x width x 3 bytes, RGB
  public static byte[] picture(Size size, int seed) {
    return GoldenFrame.enlarged(Probe.draw(PICTURE, seed), PICTURE, size);
  }
}
