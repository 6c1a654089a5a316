package io.maskstream.view;

import io.maskstream.painting.ClassColors;
import io.maskstream.proto.MaskException;
import io.maskstream.topics.LiveReader.Live;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One camera that somebody looks at: pairs its records, makes messages of them, and keeps those
/// since the newest keyframe, so that whoever comes next sees something at once. Not thread-safe.
final class Channel {

  private static final long MOST_BYTES = 8L << 20;

  private final Consumer<Message> sink;
  private final Pairing pairing = new Pairing(this::send);
  private final List<Message> sinceKeyframe = new ArrayList<>();
  private final Map<Integer, ClassArea> classes = new TreeMap<>();
  private long bytes;
  private String type = "";

  Channel(Consumer<Message> sink) {
    this.sink = sink;
  }

  /// @param now of System.nanoTime
  void add(Live live, long now) {
    pairing.add(live, now);
  }

  /// @param now of System.nanoTime
  void release(long now) {
    pairing.release(now);
  }

  /// From the newest keyframe on; empty where that was too much to keep.
  List<Message> sinceKeyframe() {
    return List.copyOf(sinceKeyframe);
  }

  private void send(Picture picture) {
    FrameStatistics statistics = picture.statistics();
    if (statistics != null) {
      statistics.classes().forEach(area -> classes.put(area.classId(), area));
    }
    if (picture.unit().keyframe()) {
      type = CodecName.of(picture.unit());
      sinceKeyframe.clear();
      bytes = 0;
    }
    Message message = message(picture);
    bytes += message.size();
    if (bytes > MOST_BYTES) {
      sinceKeyframe.clear();
    } else if (picture.unit().keyframe() || !sinceKeyframe.isEmpty()) {
      sinceKeyframe.add(message);
    }
    sink.accept(message);
  }

  private Message message(Picture picture) {
    ClassColors colors = ClassColors.ofDataSet(List.copyOf(classes.values()));
    try {
      return Message.of(picture, type, colors);
    } catch (MaskException _) {
      // Somebody else's PNG; the picture itself can be shown.
      return Message.of(new Picture(picture.unit(), null, null, null), type, colors);
    }
  }
}
