package io.maskstream.release;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.video.Size;
import java.util.Map;
import java.util.Optional;

/// What a release says of itself, in the file's `metadata_props`.
public final class ReleaseMetadata {

  static final String NAME = "maskstream.name";
  static final String VERSION = "maskstream.version";

  /// One class a line, in the order of their ids: name and `#rrggbb`.
  static final String CLASSES = "maskstream.classes";

  /// `960x540`, or `free`; the graph's own input shape decides, this is for people.
  static final String SIZE = "maskstream.size";

  /// What divides both sides of a frame, where the size is free.
  static final String MULTIPLE = "maskstream.size.multiple";

  /// The most pixels of a frame, where the size is free.
  static final String MAX_PIXELS = "maskstream.size.max_pixels";

  /// 1920x1088: a full-HD picture on a grid of 32.
  static final String DEFAULT_MAX_PIXELS = Long.toString(1920L * 1088);

  /// The file that was packaged, with its digest.
  static final String SOURCE = "maskstream.source";

  /// How the graph turns bytes into what the net wants, for people.
  static final String PREPROCESSING = "maskstream.preprocessing";

  /// ONNX's own keys (docs/MetadataProps.md): what the bytes of `frames` are.
  static final String PIXEL_FORMAT = "Image.BitmapPixelFormat";

  static final String GAMMA = "Image.ColorSpaceGamma";
  static final String PIXEL_RANGE = "Image.NominalPixelRange";

  private ReleaseMetadata() {}

  /// Names the classes of a graph that is no release yet.
  public static void putClasses(OnnxModel model, Palette palette) {
    model.metadata().put(CLASSES, palette.text());
  }

  /// The classes that a graph names.
  public static Optional<Palette> classes(OnnxModel model) {
    return Optional.ofNullable(model.metadata().get(CLASSES))
        .map(text -> Palette.parse(text, CLASSES));
  }

  /// Writes what every release says.
  public static void put(
      OnnxModel model, String name, String version, Palette palette, InputSize inputSize) {
    Map<String, String> metadata = model.metadata();
    metadata.put(NAME, name);
    metadata.put(VERSION, version);
    metadata.put(CLASSES, palette.text());
    switch (inputSize) {
      case InputSize.Fixed(Size size) -> metadata.put(SIZE, size.toString());
      case InputSize.Free(int multiple, long maxPixels) -> {
        metadata.put(SIZE, "free");
        metadata.put(MULTIPLE, Integer.toString(multiple));
        metadata.put(MAX_PIXELS, Long.toString(maxPixels));
      }
    }
    metadata.put(PIXEL_FORMAT, "Rgb8");
    metadata.put(GAMMA, "SRGB");
    metadata.put(PIXEL_RANGE, "NominalRange_0_255");
  }
}
