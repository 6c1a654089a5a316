package io.maskstream.metrics;

import io.maskstream.wire.FrameStatistics;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// One answered frame with its time in each stage, for Java Flight Recorder. Costs next to nothing
/// while nothing is recorded.
@Name("maskstream.Frame")
@Label("Frame")
@Description("A frame that has got its mask or marker, with its time in each stage.")
@Category("Maskstream")
@StackTrace(false)
final class FrameEvent extends Event {

  @Label("Camera")
  String camera = "";

  @Label("Sequence")
  long sequence;

  @Label("Result")
  String result = "";

  @Label("Decode")
  @Timespan
  long decode;

  @Label("Queue")
  @Timespan
  long queue;

  @Label("Inference")
  @Timespan
  long inference;

  @Label("Encode")
  @Timespan
  long encode;

  @Label("Capture to answer")
  @Timespan
  long endToEnd;

  /// Written if somebody records.
  static void write(FrameStatistics statistics, String result) {
    FrameEvent event = new FrameEvent();
    if (event.shouldCommit()) {
      FrameStatistics.Latency latency = statistics.latency();
      event.camera = statistics.identity().cameraId();
      event.sequence = statistics.identity().sequence();
      event.result = result;
      event.decode = latency.decode().toNanos();
      event.queue = latency.queue().toNanos();
      event.inference = latency.inference().toNanos();
      event.encode = latency.encode().toNanos();
      event.endToEnd = latency.endToEnd().toNanos();
      event.commit();
    }
  }
}
