package io.maskstream.release;

/// The keys of a release's `metadata_props`.
final class Metadata {

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

  private Metadata() {}
}
