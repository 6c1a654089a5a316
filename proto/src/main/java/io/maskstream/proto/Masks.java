package io.maskstream.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.maskstream.proto.v1.Mask;
import io.maskstream.proto.v1.RunLengths;
import java.util.List;

/// The pixels of masks. Thread-safe; every mask is taken for hostile until it has been checked.
public final class Masks {

  /// More than any camera's picture (8192 x 8192); a mask that claims more is refused before memory
  /// is taken for it.
  public static final int MAX_PIXELS = 1 << 26;

  private Masks() {}

  /// Codes a class map.
  ///
  /// @param classes row-major class ids, 255 = ignore
  public static RunLengths encode(byte[] classes, int width, int height) {
    requirePixels(classes, width, height);
    return toMessage(Runs.of(classes));
  }

  /// Codes a class map as an 8-bit greyscale PNG.
  ///
  /// @param classes row-major class ids, 255 = ignore
  public static byte[] encodePng(byte[] classes, int width, int height) {
    requirePixels(classes, width, height);
    return GreyPng.encode(classes, width, height);
  }

  /// The row-major class ids of a mask, width x height of them.
  ///
  /// @throws MaskException if the mask is a marker, or its parts contradict each other
  public static byte[] decode(Mask mask) {
    return switch (mask.getContentCase()) {
      case RUN_LENGTHS -> {
        Runs runs = checkedRuns(mask);
        yield runs.expand(mask.getWidth() * mask.getHeight());
      }
      case PNG -> decodePng(mask.getPng().toByteArray(), mask.getWidth(), mask.getHeight());
      case MARKER, CONTENT_NOT_SET -> throw withoutPixels(mask);
    };
  }

  /// The row-major class ids of an 8-bit greyscale PNG, which must have the given size.
  public static byte[] decodePng(byte[] png, int width, int height) {
    requireSize(width, height);
    return GreyPng.decode(png, width, height);
  }

  /// Pixels of one class; run lengths are added up without decoding.
  ///
  /// @throws MaskException if the mask is a marker, or its parts contradict each other
  public static long area(Mask mask, int classId) {
    if (classId < 0 || classId > 255) {
      throw new IllegalArgumentException("class id is not 0 to 255: class=" + classId);
    }
    return areas(mask)[classId];
  }

  /// Pixels of each class, by class id; 256 counts, that of the ignored class last.
  ///
  /// @throws MaskException if the mask is a marker, or its parts contradict each other
  public static long[] areas(Mask mask) {
    return switch (mask.getContentCase()) {
      case RUN_LENGTHS -> checkedRuns(mask).areas();
      case PNG -> Runs.of(decode(mask)).areas();
      case MARKER, CONTENT_NOT_SET -> throw withoutPixels(mask);
    };
  }

  /// Runs as the message that carries them.
  public static RunLengths toMessage(Runs runs) {
    RunLengths.Builder message =
        RunLengths.newBuilder().setClassIds(UnsafeByteOperations.unsafeWrap(runs.classIds()));
    for (int length : runs.lengths()) {
      message.addLengths(length);
    }
    return message.build();
  }

  /// Checks that a class map has the pixels of its size.
  public static void requirePixels(byte[] classes, int width, int height) {
    requireSize(width, height);
    if (classes.length != width * height) {
      throw new IllegalArgumentException(
          "class map of %dx%d wants %d bytes, got %d"
              .formatted(width, height, width * height, classes.length));
    }
  }

  /// Checks that a size is positive and within [#MAX_PIXELS].
  public static void requireSize(int width, int height) {
    if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
      throw new MaskException(
          "mask of %sx%s pixels is outside the limits: 1 to %d pixels"
              .formatted(
                  Integer.toUnsignedString(width), Integer.toUnsignedString(height), MAX_PIXELS));
    }
  }

  private static Runs checkedRuns(Mask mask) {
    requireSize(mask.getWidth(), mask.getHeight());
    Runs runs = runs(mask.getRunLengths());
    runs.requirePixels(mask.getWidth(), mask.getHeight());
    return runs;
  }

  /// The runs of a message; whether they fill a mask is not checked yet.
  public static Runs runs(RunLengths message) {
    ByteString ids = message.getClassIds();
    List<Integer> boxed = message.getLengthsList();
    if (ids.size() != boxed.size()) {
      throw Runs.countsDiffer(ids.size(), boxed.size());
    }
    int[] lengths = new int[ids.size()];
    for (int run = 0; run < lengths.length; run++) {
      lengths[run] = message.getLengths(run);
    }
    return new Runs(ids.toByteArray(), lengths);
  }

  private static MaskException withoutPixels(Mask mask) {
    String of =
        " camera=" + mask.getIdentity().getCameraId() + " pts=" + mask.getIdentity().getPts();
    return switch (mask.getContentCase()) {
      case MARKER ->
          new MaskException(
              "mask is a marker and has no pixels; look at hasMarker() first: reason="
                  + mask.getMarker().getReason()
                  + " detail=\""
                  + mask.getMarker().getDetail()
                  + "\""
                  + of);
      case RUN_LENGTHS, PNG, CONTENT_NOT_SET ->
          new MaskException(
              "mask has no content that this version knows; take a newer maskstream-proto:" + of);
    };
  }
}
