package io.maskstream.statistics;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.WindowStatistics;
import io.maskstream.wire.WindowStatistics.WindowClassArea;
import io.maskstream.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The sums of one camera's window while it is open: the processor's own state. Immutable.
///
/// @param maskCount masks so far
/// @param markerCount markers so far
/// @param classes sums of every class seen so far; a class is an id with a name, because a swap of
///   the release may give the id to another class
public record WindowTotals(long maskCount, long markerCount, Map<NamedClass, ClassTotal> classes) {

  /// The first byte; a later version reads this one too.
  private static final int VERSION = 1;

  private static final WindowTotals EMPTY = new WindowTotals(0, 0, Map.of());

  public WindowTotals {
    classes = Collections.unmodifiableMap(new TreeMap<>(classes));
  }

  /// A window without answers.
  public static WindowTotals empty() {
    return EMPTY;
  }

  /// These totals with one more answer.
  public WindowTotals add(FrameStatistics statistics) {
    if (statistics.marker() != null) {
      return new WindowTotals(maskCount, markerCount + 1, classes);
    }
    Map<NamedClass, ClassTotal> added = new TreeMap<>(classes);
    for (ClassArea area : statistics.classes()) {
      double share = area.areaFraction();
      added.merge(
          new NamedClass(area.classId(), area.className()),
          new ClassTotal(1, share, share, share),
          ClassTotal::plus);
    }
    return new WindowTotals(maskCount + 1, markerCount, added);
  }

  /// What the window comes to.
  ///
  /// @param start first instant of the window
  /// @param end first instant after the window
  public WindowStatistics toStatistics(String cameraId, Instant start, Instant end) {
    return new WindowStatistics(
        cameraId,
        start,
        end,
        maskCount,
        markerCount,
        classes.entrySet().stream()
            .map(entry -> area(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingDouble(WindowClassArea::meanAreaFraction).reversed())
            .toList());
  }

  /// A mask without the class counts as 0, whether it came before or after the class was first
  /// seen: then the smallest share is 0, and the sum is unchanged.
  private WindowClassArea area(NamedClass of, ClassTotal total) {
    return new WindowClassArea(
        of.id(),
        of.name(),
        total.maskCount(),
        total.sum() / maskCount,
        total.maskCount() < maskCount ? 0 : total.min(),
        total.max());
  }

  /// The value in the state store.
  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream(32 + 48 * classes.size());
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(maskCount);
      out.writeLong(markerCount);
      out.writeShort(classes.size());
      for (var entry : classes.entrySet()) {
        out.writeByte(entry.getKey().id());
        out.writeUTF(entry.getKey().name());
        out.writeLong(entry.getValue().maskCount());
        out.writeDouble(entry.getValue().sum());
        out.writeDouble(entry.getValue().min());
        out.writeDouble(entry.getValue().max());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Reads the value in the state store.
  ///
  /// @throws WireException if it was written by a later version, or is damaged
  public static WindowTotals parse(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      throw new WireException("window totals are empty");
    }
    if (value[0] != VERSION) {
      throw new WireException(
          "window totals are of another version: version=%d known=%d; run the newer processor, or reset the application's state"
              .formatted(value[0], VERSION));
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(value, 1, value.length - 1))) {
      long masks = in.readLong();
      long markers = in.readLong();
      Map<NamedClass, ClassTotal> classes = new TreeMap<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        classes.put(
            new NamedClass(in.readUnsignedByte(), in.readUTF()),
            new ClassTotal(in.readLong(), in.readDouble(), in.readDouble(), in.readDouble()));
      }
      if (in.read() >= 0) {
        throw new WireException("window totals are damaged: they go on after their end");
      }
      return new WindowTotals(masks, markers, classes);
    } catch (IOException e) {
      throw new WireException("window totals are damaged: bytes=" + value.length, null, e);
    }
  }

  /// A class of a release.
  ///
  /// @param id the class id in the masks, 0 to 255
  /// @param name the release's name of the class
  public record NamedClass(int id, String name) implements Comparable<NamedClass> {
    @Override
    public int compareTo(NamedClass other) {
      return Comparator.comparingInt(NamedClass::id)
          .thenComparing(NamedClass::name)
          .compare(this, other);
    }
  }

  /// Shares of the picture, over those masks of the window that hold the class.
  public record ClassTotal(long maskCount, double sum, double min, double max) {
    private ClassTotal plus(ClassTotal other) {
      return new ClassTotal(
          maskCount + other.maskCount,
          sum + other.sum,
          Math.min(min, other.min),
          Math.max(max, other.max));
    }
  }
}
