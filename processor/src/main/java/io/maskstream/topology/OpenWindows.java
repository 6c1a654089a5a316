package io.maskstream.topology;

import io.maskstream.topology.StreamSettings.Timing;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.WindowStatistics;
import io.maskstream.wire.WindowStatistics.WindowClassArea;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The windows of one camera that are not final yet. Not thread-safe.
///
/// A window is final when the camera's own time has passed its end by the grace. An answer whose
/// window is final is late and only counted. A new session whose time lies before all that, such as
/// a recording that is played again, starts the camera's time anew.
final class OpenWindows {

  private static final int FORMAT = 1;

  private final String cameraId;
  private final Duration grace;
  private final TreeMap<Instant, WindowStatistics> open = new TreeMap<>();

  private String sessionId = "";

  /// The latest capture time.
  private Instant time = Instant.EPOCH;

  /// Windows that start before this are final.
  private Instant finalBefore = Instant.EPOCH;

  private boolean late;

  OpenWindows(String cameraId, Duration grace) {
    this.cameraId = cameraId;
    this.grace = grace;
  }

  static OpenWindows parse(String cameraId, Duration grace, byte[] stored) {
    OpenWindows windows = new OpenWindows(cameraId, grace);
    try (var in = new DataInputStream(new ByteArrayInputStream(stored))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw new IllegalStateException(
            "windows are stored in format "
                + format
                + ", this version reads "
                + FORMAT
                + ": camera="
                + cameraId);
      }
      windows.sessionId = in.readUTF();
      windows.time = Instant.ofEpochMilli(in.readLong());
      windows.finalBefore = Instant.ofEpochMilli(in.readLong());
      for (int left = in.readInt(); left > 0; left--) {
        WindowStatistics window = WindowStatistics.parse(in.readNBytes(in.readInt()));
        windows.open.put(window.windowStart(), window);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("stored windows are cut short: camera=" + cameraId, e);
    }
    return windows;
  }

  byte[] toBytes() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(sessionId);
      out.writeLong(time.toEpochMilli());
      out.writeLong(finalBefore.toEpochMilli());
      out.writeInt(open.size());
      for (WindowStatistics window : open.values()) {
        byte[] message = window.toBytes();
        out.writeInt(message.length);
        out.write(message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return bytes.toByteArray();
  }

  /// @param captured the capture time, not before 1970
  /// @return windows that are final now, the oldest first
  List<WindowStatistics> add(FrameStatistics statistics, Instant captured) {
    List<WindowStatistics> finals = new ArrayList<>();
    String session = statistics.identity().sessionId();
    if (!session.equals(sessionId) && captured.plus(Timing.WINDOW).plus(grace).isBefore(time)) {
      finals.addAll(closeAll());
      time = captured;
      finalBefore = Instant.EPOCH;
    }
    sessionId = session;
    long windowMillis = Timing.WINDOW.toMillis();
    Instant start =
        Instant.ofEpochMilli(Math.floorDiv(captured.toEpochMilli(), windowMillis) * windowMillis);
    late = start.isBefore(finalBefore);
    if (!late) {
      open.merge(start, with(empty(start), statistics), (window, _) -> with(window, statistics));
    }
    if (captured.isAfter(time)) {
      time = captured;
    }
    while (!open.isEmpty() && !open.firstEntry().getValue().windowEnd().plus(grace).isAfter(time)) {
      finals.add(open.pollFirstEntry().getValue());
    }
    Instant passed = time.minus(grace).minus(Timing.WINDOW);
    Instant passedStart =
        Instant.ofEpochMilli(
            Math.floorDiv(passed.toEpochMilli(), windowMillis) * windowMillis + windowMillis);
    if (passedStart.isAfter(finalBefore)) {
      finalBefore = passedStart;
    }
    return finals;
  }

  /// Whether the answer added last came after its window was final.
  boolean lastWasLate() {
    return late;
  }

  /// @return all windows, which are final now, the oldest first
  List<WindowStatistics> closeAll() {
    List<WindowStatistics> finals = new ArrayList<>(open.values());
    if (!open.isEmpty()) {
      finalBefore = open.lastEntry().getValue().windowEnd();
      open.clear();
    }
    return finals;
  }

  private WindowStatistics empty(Instant start) {
    return new WindowStatistics(cameraId, start, start.plus(Timing.WINDOW), 0, 0, List.of());
  }

  private static WindowStatistics with(WindowStatistics window, FrameStatistics frame) {
    if (frame.marker() != null) {
      return new WindowStatistics(
          window.cameraId(),
          window.windowStart(),
          window.windowEnd(),
          window.maskCount(),
          window.markerCount() + 1,
          window.classes());
    }
    long masks = window.maskCount() + 1;
    Map<Integer, ClassArea> areas = new HashMap<>();
    frame.classes().forEach(area -> areas.put(area.classId(), area));
    List<WindowClassArea> classes = new ArrayList<>();
    Set<Integer> known = new HashSet<>();
    for (WindowClassArea before : window.classes()) {
      known.add(before.classId());
      ClassArea area = areas.get(before.classId());
      double fraction = area == null ? 0 : area.areaFraction();
      classes.add(
          new WindowClassArea(
              before.classId(),
              area == null ? before.className() : area.className(),
              before.maskCount() + (area == null ? 0 : 1),
              before.meanAreaFraction() + (fraction - before.meanAreaFraction()) / masks,
              Math.min(before.minAreaFraction(), fraction),
              Math.max(before.maxAreaFraction(), fraction)));
    }
    for (ClassArea area : frame.classes()) {
      if (!known.contains(area.classId())) {
        double fraction = area.areaFraction();
        classes.add(
            new WindowClassArea(
                area.classId(),
                area.className(),
                1,
                fraction / masks,
                masks == 1 ? fraction : 0,
                fraction));
      }
    }
    classes.sort(
        Comparator.comparingDouble(WindowClassArea::meanAreaFraction)
            .reversed()
            .thenComparingInt(WindowClassArea::classId));
    return new WindowStatistics(
        window.cameraId(),
        window.windowStart(),
        window.windowEnd(),
        masks,
        window.markerCount(),
        classes);
  }
}
