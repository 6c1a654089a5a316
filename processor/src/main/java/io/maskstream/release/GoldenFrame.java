package io.maskstream.release;

import io.maskstream.video.Size;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// A picture with the class map that the release gave for it when it was packaged, so that whoever
/// loads it elsewhere can see whether it still does the same.
///
/// The picture is small and is enlarged, each pixel repeated, to the size of a frame; of the class
/// map every few pixels are kept. So a frame takes some kilobytes of the release's metadata,
/// whatever its size.
///
/// @param frame size of the frame
/// @param picture size of the stored picture
/// @param rgb of the picture, row-major, 3 bytes a pixel
/// @param map size of the class map
/// @param step every so many pixels of the class map are kept, in both directions
/// @param classes the pixels that are kept, row-major
public record GoldenFrame(
    Size frame, Size picture, byte[] rgb, Size map, int step, byte[] classes) {

  /// Longest entry that is read; two of them and the keys stay below 64 KiB.
  static final int MAX_TEXT = 30_000;

  private static final long MAX_PIXELS = 1 << 16;

  public GoldenFrame {
    if (picture.pixels() > MAX_PIXELS || rgb.length != 3 * picture.pixels()) {
      throw new IllegalArgumentException(
          "golden picture of " + picture + " has " + rgb.length + " bytes");
    }
    if (step < 1 || classes.length != (long) kept(map.width(), step) * kept(map.height(), step)) {
      throw new IllegalArgumentException(
          "golden class map of " + map + " in steps of " + step + " has " + classes.length);
    }
  }

  /// Keeps what fits into the metadata of a release.
  ///
  /// @param classes of the whole map, row-major
  /// @return nothing where even the coarsest map is too large, as that of noise
  static Optional<GoldenFrame> of(Size frame, Size picture, byte[] rgb, Size map, byte[] classes) {
    for (int step = 1; step <= 64; step *= 2) {
      if ((long) kept(map.width(), step) * kept(map.height(), step) > MAX_PIXELS) {
        continue;
      }
      GoldenFrame golden =
          new GoldenFrame(frame, picture, rgb, map, step, everyFew(classes, map, step));
      if (golden.text().length() <= MAX_TEXT) {
        return Optional.of(golden);
      }
    }
    return Optional.empty();
  }

  private static int kept(int side, int step) {
    return (side + step - 1) / step;
  }

  private static byte[] everyFew(byte[] classes, Size map, int step) {
    byte[] few = new byte[kept(map.width(), step) * kept(map.height(), step)];
    int i = 0;
    for (int y = 0; y < map.height(); y += step) {
      for (int x = 0; x < map.width(); x += step) {
        few[i++] = classes[y * map.width() + x];
      }
    }
    return few;
  }

  /// The bytes to feed the release with.
  public byte[] pixels() {
    return enlarged(rgb, picture, frame);
  }

  /// Each pixel repeated.
  static byte[] enlarged(byte[] rgb, Size picture, Size frame) {
    byte[] pixels = new byte[Math.toIntExact(3 * frame.pixels())];
    int at = 0;
    for (int y = 0; y < frame.height(); y++) {
      int row = (int) ((long) y * picture.height() / frame.height()) * picture.width();
      for (int x = 0; x < frame.width(); x++) {
        int from = 3 * (row + (int) ((long) x * picture.width() / frame.width()));
        pixels[at++] = rgb[from];
        pixels[at++] = rgb[from + 1];
        pixels[at++] = rgb[from + 2];
      }
    }
    return pixels;
  }

  /// The share of kept pixels whose class is another now.
  ///
  /// @param size of the class map that was made now; another size differs in every pixel
  public double differing(Size size, byte[] made) {
    if (!size.equals(map) || made.length != map.pixels()) {
      return 1;
    }
    byte[] few = everyFew(made, map, step);
    int differing = 0;
    for (int i = 0; i < few.length; i++) {
      differing += few[i] == classes[i] ? 0 : 1;
    }
    return (double) differing / few.length;
  }

  /// One line, such as `frame=160x120 picture=64x48 map=160x120 step=1 rgb=... classes=...`.
  String text() {
    return "frame="
        + frame
        + " picture="
        + picture
        + " map="
        + map
        + " step="
        + step
        + " rgb="
        + packed(rgb)
        + " classes="
        + packed(classes);
  }

  static GoldenFrame parse(String text) {
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException("golden frame is longer than " + MAX_TEXT);
    }
    Map<String, String> words =
        Arrays.stream(text.strip().split(" "))
            .map(word -> word.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first));
    Size picture = InputSize.parseSize(words.getOrDefault("picture", ""));
    Size map = InputSize.parseSize(words.getOrDefault("map", ""));
    int step = Integer.parseInt(words.getOrDefault("step", "0"));
    if (picture.pixels() > MAX_PIXELS || step < 1) {
      throw new IllegalArgumentException("golden frame has picture=" + picture + " step=" + step);
    }
    long few = (long) kept(map.width(), step) * kept(map.height(), step);
    if (few > MAX_PIXELS) {
      throw new IllegalArgumentException("golden class map keeps " + few + " pixels");
    }
    return new GoldenFrame(
        InputSize.parseSize(words.getOrDefault("frame", "")),
        picture,
        unpacked(words.getOrDefault("rgb", ""), (int) (3 * picture.pixels())),
        map,
        step,
        unpacked(words.getOrDefault("classes", ""), (int) few));
  }

  private static String packed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(bytes);
      deflater.finish();
      byte[] part = new byte[4096];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
    }
    return Base64.getEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /// @param length that it must have; more is never inflated
  private static byte[] unpacked(String text, int length) {
    byte[] bytes = new byte[length];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(Base64.getDecoder().decode(text));
      int filled = 0;
      while (filled < length) {
        int more = inflater.inflate(bytes, filled, length - filled);
        if (more == 0) {
          throw new IllegalArgumentException("golden frame has " + filled + " of " + length);
        }
        filled += more;
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("golden frame is damaged: " + e.getMessage(), e);
    }
  }
}
