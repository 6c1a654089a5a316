package io.maskstream.trainer.solver;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/// Curves for TensorBoard: a file of framed `Event` messages.
///
/// A frame is length, its checksum, the message and its checksum, all little-endian (TensorFlow,
/// lib/io/record_writer.h). Of the messages (util/event.proto, framework/summary.proto) only the
/// fields that a scalar needs are written.
public final class EventFile implements FitObserver {

  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final Path file;
  private final InstantSource clock;
  private final OutputStream out;

  /// Starts a file in this folder, which must exist.
  public EventFile(Path folder, InstantSource clock) {
    this.clock = clock;
    long millis = clock.millis();
    file = folder.resolve("events.out.tfevents." + millis / 1000 + ".maskstream." + millis % 1000);
    try {
      out = new BufferedOutputStream(Files.newOutputStream(file));
    } catch (IOException e) {
      throw failed(e);
    }
    ByteArrayOutputStream event = event(0);
    bytes(event, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    frame(event.toByteArray());
  }

  /// Where the curves are.
  public Path file() {
    return file;
  }

  @Override
  public void stepped(StepReport report) {
    scalar(report.step(), "train/loss", report.loss());
    scalar(report.step(), "train/lr", report.lr());
    scalar(report.step(), "train/gradient_norm", report.gradientNorm());
    scalar(report.step(), "train/pictures_per_second", report.picturesPerSecond());
  }

  @Override
  public void evaluated(EvaluationReport report) {
    scalar(report.step(), "eval/mean_iou", report.scores().meanIou());
    scalar(report.step(), "eval/pixel_accuracy", report.scores().pixelAccuracy());
    scalar(report.step(), "eval/mean_accuracy", report.scores().meanAccuracy());
    scalar(report.step(), "eval/frequency_weighted_iou", report.scores().frequencyWeightedIou());
    flush();
  }

  @Override
  public void noted(long step, String sentence) {}

  /// Adds a point to a curve.
  void scalar(long step, String curve, double value) {
    ByteArrayOutputStream point = new ByteArrayOutputStream();
    bytes(point, 1, curve.getBytes(StandardCharsets.UTF_8));
    varint(point, 2 << 3 | FIXED32);
    point.writeBytes(little(4).putFloat((float) value).array());
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    bytes(summary, 1, point.toByteArray());
    ByteArrayOutputStream event = event(step);
    bytes(event, 5, summary.toByteArray());
    frame(event.toByteArray());
  }

  private ByteArrayOutputStream event(long step) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    varint(event, 1 << 3 | FIXED64);
    event.writeBytes(little(8).putDouble(clock.millis() / 1e3).array());
    varint(event, 2 << 3);
    varint(event, step);
    return event;
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, (long) field << 3 | BYTES);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private void frame(byte[] message) {
    byte[] length = little(8).putLong(message.length).array();
    try {
      out.write(length);
      out.write(little(4).putInt(masked(length)).array());
      out.write(message);
      out.write(little(4).putInt(masked(message)).array());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// A checksum of data that holds checksums is weak, so it is rotated and shifted.
  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SolverException failed(IOException e) {
    return new SolverException(
        "cannot write the curves "
            + file
            + ": "
            + e.getMessage()
            + "; free the disk, then --resume",
        e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
