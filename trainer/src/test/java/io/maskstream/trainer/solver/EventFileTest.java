package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads the file back with protobuf's own reader and a checksum computed bit by bit.
class EventFileTest {

  private record Point(long step, String curve, float value, double time) {}

  @Test
  void holdsTheCurvesInTensorBoardsFormat(@TempDir Path folder) throws IOException {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_250L));
    Path file;
    try (EventFile events = new EventFile(folder, clock)) {
      file = events.file();
      events.scalar(1, "train/loss", 2.5);
      events.scalar(300, "eval/mean_iou", 0.625);
    }
    assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
    List<byte[]> messages = frames(Files.readAllBytes(file));
    assertThat(messages).hasSize(3);
    assertThat(version(messages.get(0))).isEqualTo("brain.Event:2");
    assertThat(point(messages.get(1))).isEqualTo(new Point(1, "train/loss", 2.5f, 1700000000.25));
    assertThat(point(messages.get(2)))
        .isEqualTo(new Point(300, "eval/mean_iou", 0.625f, 1700000000.25));
  }

  private static List<byte[]> frames(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> messages = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(masked(length));
      byte[] message =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(message);
      assertThat(in.getInt()).isEqualTo(masked(message));
      messages.add(message);
    }
    return messages;
  }

  /// Castagnoli's polynomial, reflected, a bit at a time.
  private static int masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    crc = ~crc;
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  private static String version(byte[] event) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(event);
    String version = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 3) {
        version = in.readString();
      } else {
        in.skipField(tag);
      }
    }
    return version;
  }

  private static Point point(byte[] event) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(event);
    long step = 0;
    double time = 0;
    String curve = "";
    float value = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> time = in.readDouble();
        case 2 -> step = in.readInt64();
        case 5 -> in.pushLimit(in.readRawVarint32());
        default -> throw new IOException("unexpected field in " + tag);
      }
      if (WireFormat.getTagFieldNumber(tag) == 5) {
        assertThat(in.readTag()).isEqualTo(1 << 3 | 2);
        in.pushLimit(in.readRawVarint32());
        assertThat(in.readTag()).isEqualTo(1 << 3 | 2);
        curve = in.readString();
        assertThat(in.readTag()).isEqualTo(2 << 3 | 5);
        value = in.readFloat();
      }
    }
    return new Point(step, curve, value, time);
  }
}
