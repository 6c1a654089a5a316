package io.maskstream.topology;

import io.maskstream.statistics.WindowTotals;
import io.maskstream.topology.StreamSettings.Timing;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.WindowStatistics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final TreeMap<Instant, WindowTotals> open = new TreeMap<>();

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
        Instant start = Instant.ofEpochMilli(in.readLong());
        windows.open.put(start, WindowTotals.parse(in.readNBytes(in.readInt())));
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
      for (Map.Entry<Instant, WindowTotals> window : open.entrySet()) {
        byte[] totals = window.getValue().toBytes();
        out.writeLong(window.getKey().toEpochMilli());
        out.writeInt(totals.length);
        out.write(totals);
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
    Instant start = startOfWindow(captured);
    late = start.isBefore(finalBefore);
    if (!late) {
      open.put(start, open.getOrDefault(start, WindowTotals.empty()).add(statistics));
    }
    if (captured.isAfter(time)) {
      time = captured;
    }
    Instant passed = startOfWindow(time.minus(grace));
    if (passed.isAfter(finalBefore)) {
      finalBefore = passed;
    }
    while (!open.isEmpty() && open.firstKey().isBefore(finalBefore)) {
      finals.add(statistics(open.pollFirstEntry()));
    }
    return finals;
  }

  /// Whether the answer added last came after its window was final.
  boolean lastWasLate() {
    return late;
  }

  /// @return all windows, which are final now, the oldest first
  List<WindowStatistics> closeAll() {
    List<WindowStatistics> finals =
        new ArrayList<>(open.entrySet().stream().map(this::statistics).toList());
    if (!open.isEmpty()) {
      finalBefore = open.lastKey().plus(Timing.WINDOW);
      open.clear();
    }
    return finals;
  }

  private static Instant startOfWindow(Instant time) {
    long window = Timing.WINDOW.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), window) * window);
  }

  private WindowStatistics statistics(Map.Entry<Instant, WindowTotals> window) {
    Instant start = window.getKey();
    return window.getValue().toStatistics(cameraId, start, start.plus(Timing.WINDOW));
  }
}
