package io.maskstream.view;

import com.sun.net.httpserver.HttpExchange;
import io.maskstream.metrics.WriteDeadline;
import io.maskstream.video.Decoders;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes the stream of one client, on the thread of its request, until the client or the feed ends
/// it. A client that does not read for ten seconds is gone.
final class LiveStream {

  static final String TYPE = "application/vnd.maskstream.live";

  /// How often a client is told how it fares; also how soon a client that is gone is noticed.
  private static final Duration STATE = Duration.ofSeconds(1);

  private final Outbox outbox;
  private final Set<String> asJpeg;
  private final Decoders decoders;
  private final Map<String, PictureDecoder> open = new HashMap<>();

  /// @param asJpeg cameras whose pictures the client cannot decode itself
  LiveStream(Outbox outbox, Set<String> asJpeg, Decoders decoders) {
    this.outbox = outbox;
    this.asJpeg = asJpeg;
    this.decoders = decoders;
  }

  void write(HttpExchange exchange) throws IOException, InterruptedException {
    Reply.stream(exchange, TYPE);
    OutputStream out = exchange.getResponseBody();
    long stated = System.nanoTime() - STATE.toNanos();
    try {
      while (!outbox.isClosed()) {
        long now = System.nanoTime();
        if (now - stated >= STATE.toNanos()) {
          stated = now;
          write(out, Message.state(outbox.dropped(), outbox.trouble()));
        }
        Message message = outbox.take(STATE);
        if (message != null) {
          for (Message each : forClient(message)) {
            write(out, each.bytes());
          }
        }
      }
    } finally {
      open.values().forEach(PictureDecoder::close);
    }
  }

  private List<Message> forClient(Message message) {
    if (!asJpeg.contains(message.cameraId())) {
      return List.of(message);
    }
    return open
        .computeIfAbsent(message.cameraId(), _ -> new PictureDecoder(decoders))
        .decode(message.picture())
        .stream()
        .map(decoded -> Message.of(decoded.jpeg(), CodecName.JPEG, message.colors()))
        .toList();
  }

  private static void write(OutputStream out, byte[] message) throws IOException {
    WriteDeadline.within(() -> {
      out.write(message);
      out.flush();
    });
  }
}
