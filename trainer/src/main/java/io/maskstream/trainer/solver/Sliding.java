package io.maskstream.trainer.solver;

import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;

/// Parts of a picture that a net sees one at a time, as mmsegmentation's slide inference lays them:
/// row by row from the top left, the last of a row or column shifted back inside the picture. A
/// picture smaller than the window is seen whole.
///
/// @param window of each part
/// @param step from one to the next; no larger than the window, or pixels would go unseen
public record Sliding(Size window, Size step) {

  /// A part of a picture.
  ///
  /// @param x its leftmost column
  /// @param y its topmost row
  record Part(int x, int y, int width, int height) {}

  public Sliding {
    if (step.width() > window.width() || step.height() > window.height()) {
      throw new IllegalArgumentException(
          "steps are larger than the window, so pixels would go unseen: window=%s step=%s"
              .formatted(window, step));
    }
  }

  /// Parts that cover a picture.
  List<Part> over(int width, int height) {
    List<Part> parts = new ArrayList<>();
    for (int y : starts(height, window.height(), step.height())) {
      for (int x : starts(width, window.width(), step.width())) {
        parts.add(
            new Part(x, y, Math.min(window.width(), width), Math.min(window.height(), height)));
      }
    }
    return parts;
  }

  private static int[] starts(int side, int window, int step) {
    int[] starts = new int[Math.ceilDiv(Math.max(side - window, 0), step) + 1];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.max(0, Math.min(i * step, side - window));
    }
    return starts;
  }

  @Override
  public String toString() {
    return "in windows of %s at steps of %s".formatted(window, step);
  }
}
