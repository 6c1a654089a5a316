package io.maskstream.release;

import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import io.maskstream.wire.ModelHistory.FrameSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The frame sizes that a release takes.
public sealed interface InputSize {

  /// The size to which a picture is scaled for this release; it covers the whole picture.
  Grid grid();

  /// Whether the graph can run on frames of this size.
  boolean takes(Size size);

  /// The same in the words of an assignment.
  FrameSize toFrameSize();

  /// What an assignment says.
  static InputSize of(FrameSize size) {
    return size.width() > 0
        ? new Fixed(new Size(size.width(), size.height()))
        : new Free(size.multiple(), size.maxPixels());
  }

  /// One size only.
  record Fixed(Size size) implements InputSize {

    @Override
    public Grid grid() {
      return _ -> size;
    }

    @Override
    public boolean takes(Size frame) {
      return frame.equals(size);
    }

    @Override
    public FrameSize toFrameSize() {
      return new FrameSize(size.width(), size.height(), 0, 0);
    }

    @Override
    public String toString() {
      return size.toString();
    }
  }

  /// Any size whose sides are multiples of a number, up to a number of pixels.
  ///
  /// @param multiple divides both sides; a net that halves the picture five times wants 32
  /// @param maxPixels of a frame; larger pictures are scaled down, keeping their shape
  record Free(int multiple, long maxPixels) implements InputSize {

    public Free {
      if (multiple < 1 || maxPixels < (long) multiple * multiple) {
        throw new IllegalArgumentException(
            "free size wants multiple >= 1 and max_pixels >= multiple x multiple: multiple="
                + multiple
                + " max_pixels="
                + maxPixels);
      }
    }

    @Override
    public Grid grid() {
      return this::fit;
    }

    private Size fit(Size upright) {
      double scale = Math.min(1, Math.sqrt((double) maxPixels / upright.pixels()));
      int width = round(upright.width() * scale);
      int height = round(upright.height() * scale);
      // Rounding up may have gone over the bound; the longer side gives way, and a very long
      // picture loses its shape rather than the bound its meaning.
      while ((long) width * height > maxPixels) {
        if (width >= height) {
          width -= multiple;
        } else {
          height -= multiple;
        }
      }
      return new Size(width, height);
    }

    private int round(double side) {
      return (int) Math.max(1, Math.round(side / multiple)) * multiple;
    }

    @Override
    public boolean takes(Size frame) {
      return frame.width() % multiple == 0
          && frame.height() % multiple == 0
          && frame.pixels() <= maxPixels;
    }

    @Override
    public FrameSize toFrameSize() {
      return new FrameSize(0, 0, multiple, maxPixels);
    }

    @Override
    public String toString() {
      return "free, multiples of " + multiple + ", up to " + maxPixels + " pixels";
    }
  }

  /// Reads `513x257`, width first.
  static Size parseSize(String text) {
    Matcher match = Pattern.compile("(\\d{1,5})x(\\d{1,5})").matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("size is not WIDTHxHEIGHT, such as 960x540: " + text);
    }
    return new Size(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)));
  }
}
