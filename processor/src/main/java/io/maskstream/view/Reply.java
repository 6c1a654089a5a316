package io.maskstream.view;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.maskstream.metrics.WriteDeadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Answers with headers that keep a page to itself: nothing from elsewhere is loaded or run, nobody
/// frames it, and no type is guessed.
final class Reply {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

  private Reply() {}

  static void text(HttpExchange exchange, int status, String text) throws IOException {
    bytes(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  static void bytes(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    head(exchange, type);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    WriteDeadline.within(() -> {
      if (bodiless) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        exchange.sendResponseHeaders(status, -1);
      } else {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
    });
  }

  /// Begins an answer without end.
  static void stream(HttpExchange exchange, String type) throws IOException {
    head(exchange, type);
    exchange.sendResponseHeaders(200, 0);
  }

  static void redirect(HttpExchange exchange, String place) throws IOException {
    exchange.getResponseHeaders().set("Location", place);
    head(exchange, "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(303, -1);
  }

  private static void head(HttpExchange exchange, String type) {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }
}
