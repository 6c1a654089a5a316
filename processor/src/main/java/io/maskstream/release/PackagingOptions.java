package io.maskstream.release;

import io.maskstream.video.Size;
import java.util.List;
import java.util.Optional;

/// What the user says of a graph that is to be packaged; what is left out is read from the graph.
///
/// @param name of the release
/// @param version of the release
/// @param normalisation how bytes become what the net wants; left out where the graph says it
/// @param channels the order of the net's input channels
/// @param layout the order of the net's input axes
/// @param palette the classes; left out, they are chosen by their number
/// @param size a fixed size for a graph that would take any
/// @param multiple what divides both sides of frames of any size
/// @param maxPixels the most pixels of frames of any size
/// @param output the output to take, where there are several
public record PackagingOptions(
    String name,
    String version,
    Optional<Normalisation> normalisation,
    Channels channels,
    Layout layout,
    Optional<Palette> palette,
    Optional<Size> size,
    int multiple,
    long maxPixels,
    Optional<String> output) {

  public static final int MULTIPLE = 32;
  public static final long MAX_PIXELS = Long.parseLong(ReleaseMetadata.DEFAULT_MAX_PIXELS);

  public PackagingOptions {
    if (name.isBlank() || version.isBlank()) {
      throw new IllegalArgumentException("a release wants a name and a version");
    }
  }

  /// Everything else as the graph says.
  public static PackagingOptions of(String name, String version) {
    return new PackagingOptions(
        name,
        version,
        Optional.empty(),
        Channels.RGB,
        Layout.AUTO,
        Optional.empty(),
        Optional.empty(),
        MULTIPLE,
        MAX_PIXELS,
        Optional.empty());
  }

  public PackagingOptions with(Normalisation other) {
    return new PackagingOptions(
        name,
        version,
        Optional.of(other),
        channels,
        layout,
        palette,
        size,
        multiple,
        maxPixels,
        output);
  }

  public PackagingOptions with(Channels other) {
    return new PackagingOptions(
        name, version, normalisation, other, layout, palette, size, multiple, maxPixels, output);
  }

  public PackagingOptions with(Palette other) {
    return new PackagingOptions(
        name,
        version,
        normalisation,
        channels,
        layout,
        Optional.of(other),
        size,
        multiple,
        maxPixels,
        output);
  }

  public PackagingOptions with(Size other) {
    return new PackagingOptions(
        name,
        version,
        normalisation,
        channels,
        layout,
        palette,
        Optional.of(other),
        multiple,
        maxPixels,
        output);
  }

  public PackagingOptions withMultiple(int other) {
    return new PackagingOptions(
        name, version, normalisation, channels, layout, palette, size, other, maxPixels, output);
  }

  /// The order of colours.
  public enum Channels {
    RGB,
    BGR
  }

  /// The order of axes.
  public enum Layout {
    AUTO,
    NCHW,
    NHWC
  }

  /// The net wants `(byte - mean) / std` of every channel.
  ///
  /// @param mean of each channel of the net's input, in its own order; bytes
  /// @param std of each channel, not zero; bytes
  public record Normalisation(List<Float> mean, List<Float> std) {

    public Normalisation {
      mean = three("mean", mean);
      std = three("std", std);
      if (std.contains(0f)) {
        throw new IllegalArgumentException("std is zero: " + std);
      }
    }

    public static Normalisation of(float mean, float std) {
      return new Normalisation(List.of(mean), List.of(std));
    }

    private static List<Float> three(String name, List<Float> values) {
      if (values.size() != 1 && values.size() != 3) {
        throw new IllegalArgumentException(name + " wants 1 or 3 numbers: " + values);
      }
      return values.size() == 3
          ? List.copyOf(values)
          : List.of(values.getFirst(), values.getFirst(), values.getFirst());
    }

    @Override
    public String toString() {
      return "(x - " + mean + ") / " + std;
    }
  }
}
