package io.maskstream.view;

import com.sun.net.httpserver.HttpExchange;
import io.maskstream.metrics.WriteDeadline;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.Legend;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.MaskPainter;
import io.maskstream.video.Decoders;
import io.maskstream.view.PictureDecoder.Decoded;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Pictures for whatever shows pictures: one JPEG, or JPEGs in a row (MJPEG), with the mask painted
/// over them if wanted.
final class Stills {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
  private static final Duration SETTLED = Duration.ofMillis(150);
  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(1);
  private static final double OPACITY = 0.5;
  private static final String BOUNDARY = "maskstream-picture";

  private final Outbox outbox;
  private final Decoders decoders;
  private final boolean painted;

  Stills(Outbox outbox, Decoders decoders, boolean painted) {
    this.outbox = outbox;
    this.decoders = decoders;
    this.painted = painted;
  }

  /// The newest picture: of those that are there already, the last. Empty if none comes.
  Optional<byte[]> newest() throws InterruptedException {
    long begin = System.nanoTime();
    Message of = null;
    Decoded newest = null;
    try (PictureDecoder decoder = new PictureDecoder(decoders)) {
      while (newest == null || System.nanoTime() - begin < LONGEST_SEARCH.toNanos()) {
        Message message = outbox.take(newest == null ? LONGEST_WAIT : SETTLED);
        if (message == null) {
          break;
        }
        begin = of == null ? System.nanoTime() : begin;
        of = message;
        List<Decoded> decoded = decoder.decode(message.picture());
        newest = decoded.isEmpty() ? newest : decoded.getLast();
      }
    }
    return newest == null || of == null ? Optional.empty() : Optional.of(jpeg(of, newest));
  }

  /// Picture after picture, until the client or the feed ends it.
  void stream(HttpExchange exchange) throws IOException, InterruptedException {
    Reply.stream(exchange, "multipart/x-mixed-replace; boundary=" + BOUNDARY);
    OutputStream out = exchange.getResponseBody();
    try (PictureDecoder decoder = new PictureDecoder(decoders)) {
      while (!outbox.isClosed()) {
        Message message = outbox.take(LONGEST_WAIT);
        if (message == null) {
          continue;
        }
        for (Decoded decoded : decoder.decode(message.picture())) {
          write(out, jpeg(message, decoded));
        }
      }
    }
  }

  private static void write(OutputStream out, byte[] jpeg) throws IOException {
    String head =
        "--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
            .formatted(BOUNDARY, jpeg.length);
    WriteDeadline.within(() -> {
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(jpeg);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    });
  }

  private byte[] jpeg(Message message, Decoded decoded) {
    Mask mask = decoded.picture().mask();
    FrameStatistics statistics = decoded.picture().statistics();
    Optional<ClassPicture> classes =
        painted && mask != null ? ClassPicture.of(mask) : Optional.empty();
    return MaskFiles.jpeg(
        classes
            .map(pixels ->
                new MaskPainter(message.colors(), OPACITY)
                    .paint(
                        decoded.pixels(),
                        pixels,
                        statistics == null ? Legend.NONE : Legend.of(statistics)))
            .orElseGet(() -> decoded.pixels().image()));
  }
}
