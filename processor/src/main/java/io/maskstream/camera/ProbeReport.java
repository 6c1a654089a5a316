package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a source turns out to be once some of it has been read.
///
/// @param format what the source says of itself
/// @param accessUnits that were read
/// @param framesPerSecond measured by pts; the nominal rate where only one picture was read
/// @param longestGop access units from one keyframe to the next, at most; 0 while there were not
///   two keyframes
/// @param longestGopTime seconds of the longest GOP
/// @param reorders whether pictures are shown in another order than they are coded (B-frames)
/// @param bitsPerSecond measured by pts
/// @param largestUnitBytes of the largest access unit
/// @param obstacles why it cannot be published; empty if it fits the contract
/// @param tips what would make it better
public record ProbeReport(
    SourceFormat format,
    long accessUnits,
    double framesPerSecond,
    long longestGop,
    Duration longestGopTime,
    boolean reorders,
    double bitsPerSecond,
    int largestUnitBytes,
    List<String> obstacles,
    List<String> tips) {

  private static final Duration LONG_GOP = Duration.ofSeconds(5);
  private static final int WIDE = 1920;

  public ProbeReport {
    obstacles = List.copyOf(obstacles);
    tips = List.copyOf(tips);
  }

  /// Reads a source for a while.
  ///
  /// @param span how much of it, by pts
  /// @param largestRecordBytes that a topic takes
  /// @throws CameraException if it cannot be read
  public static ProbeReport of(CameraSource source, Duration span, int largestRecordBytes) {
    return new Probe(source.format(), largestRecordBytes).read(source, span);
  }

  public boolean fits() {
    return obstacles.isEmpty();
  }

  /// One line for a person.
  public String summary() {
    String gop =
        longestGop == 0
            ? "one keyframe"
            : String.format(
                Locale.ROOT, "GOP %d (%.1f s)", longestGop, longestGopTime.toMillis() / 1e3);
    return String.format(
        Locale.ROOT,
        "%s  %.2f fps seen  %s  B-frames %s  %.1f Mbit/s  largest picture %.1f KB",
        format.description(),
        framesPerSecond,
        gop,
        reorders ? "yes" : "no",
        bitsPerSecond / 1e6,
        largestUnitBytes / 1e3);
  }

  /// Counts while reading.
  private static final class Probe {
    private final SourceFormat format;
    private final int largestRecordBytes;
    private long units;
    private long bytes;
    private int largest;
    private long keyframes;
    private long sinceKeyframe;
    private Duration keyframeAt = Duration.ZERO;
    private long longestGop;
    private Duration longestGopTime = Duration.ZERO;
    private Duration shown = Duration.ZERO;
    private boolean reorders;
    private long firstPts;

    Probe(SourceFormat format, int largestRecordBytes) {
      this.format = format;
      this.largestRecordBytes = largestRecordBytes;
    }

    ProbeReport read(CameraSource source, Duration span) {
      Optional<AccessUnit> unit = source.next();
      while (unit.isPresent()) {
        count(unit.get());
        if (shown.compareTo(span) >= 0) {
          break;
        }
        unit = source.next();
      }
      return report();
    }

    private void count(AccessUnit unit) {
      if (units == 0) {
        firstPts = unit.identity().pts();
      }
      Duration at = Timeline.elapsed(unit.identity().pts() - firstPts, unit.identity().timeBase());
      reorders |= at.compareTo(shown) < 0;
      shown = at.compareTo(shown) > 0 ? at : shown;
      if (unit.keyframe()) {
        if (keyframes++ > 0 && sinceKeyframe > longestGop) {
          longestGop = sinceKeyframe;
          longestGopTime = at.minus(keyframeAt);
        }
        sinceKeyframe = 0;
        keyframeAt = at;
      }
      sinceKeyframe++;
      units++;
      bytes += unit.data().remaining();
      largest = Math.max(largest, unit.data().remaining());
    }

    private ProbeReport report() {
      double seconds = shown.toNanos() / 1e9;
      double fps = units > 1 && seconds > 0 ? (units - 1) / seconds : format.framesPerSecond();
      double bits = units > 0 ? 8.0 * bytes / units * fps : 0;
      return new ProbeReport(
          format,
          units,
          fps,
          longestGop,
          longestGopTime,
          reorders,
          bits,
          largest,
          obstacles(),
          tips());
    }

    private List<String> obstacles() {
      List<String> obstacles = new ArrayList<>();
      if (units == 0) {
        obstacles.add("there are no pictures");
      } else if (keyframes == 0) {
        obstacles.add(
            String.format(
                Locale.ROOT,
                "no keyframe in %.1f s: decoding cannot start; set the camera's keyframe interval"
                    + " to 1 or 2 s",
                shown.toMillis() / 1e3));
      }
      if (largest > largestRecordBytes) {
        obstacles.add(
            "a picture of %d bytes is larger than a record may be, %d; lower the camera's bit rate"
                .formatted(largest, largestRecordBytes));
      }
      return obstacles;
    }

    private List<String> tips() {
      List<String> tips = new ArrayList<>();
      boolean oneKeyframe = keyframes == 1 && shown.compareTo(LONG_GOP) > 0;
      if (longestGopTime.compareTo(LONG_GOP) > 0 || oneKeyframe) {
        tips.add(
            "keyframes are more than 5 s apart, and a lost picture costs all up to the next:"
                + " set the keyframe interval to 1 or 2 s");
      }
      if (reorders) {
        tips.add("B-frames hold answers back: switch them off for the lowest latency");
      }
      if (format.width() > WIDE) {
        tips.add("most releases look at 513 to 1024 columns: a substream of the camera is enough");
      }
      return tips;
    }
  }
}
