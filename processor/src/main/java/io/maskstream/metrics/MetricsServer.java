package io.maskstream.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Serves `/livez`, `/readyz` and `/metrics`, each request on a virtual thread, and hands every
/// other path on. Read-only; changes nothing. Closed by whoever opened it.
public final class MetricsServer implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  static {
    // Seconds. Whoever says half a request is cut off; the JDK's own server would wait for ever.
    // Read by it once, before the first server of the program. Whoever does not read the answer is
    // the business of WriteDeadline, because a live stream goes on for longer.
    limit("sun.net.httpserver.maxReqTime", 10);
    limit("sun.net.httpserver.idleInterval", 10);
    limit("jdk.httpserver.maxConnections", 200);
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Metrics metrics;
  private final Supplier<Health> health;
  private final HttpHandler others;

  private MetricsServer(
      HttpServer server,
      ExecutorService threads,
      Metrics metrics,
      Supplier<Health> health,
      HttpHandler others) {
    this.server = server;
    this.threads = threads;
    this.metrics = metrics;
    this.health = health;
    this.others = others;
  }

  /// Listens at once, and serves nothing beside its own paths.
  ///
  /// @param host a name or address of this machine
  /// @param port 0 takes a free one
  /// @throws IllegalStateException if it cannot listen there
  public static MetricsServer open(
      String host, int port, Metrics metrics, Supplier<Health> health) {
    return open(host, port, metrics, health, MetricsServer::nothingElse);
  }

  /// Listens at once.
  ///
  /// @param host a name or address of this machine
  /// @param port 0 takes a free one
  /// @param others answers GET and HEAD of every other path, on a virtual thread
  /// @throws IllegalStateException if it cannot listen there
  public static MetricsServer open(
      String host, int port, Metrics metrics, Supplier<Health> health, HttpHandler others) {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException(
          "cannot listen: http.listen="
              + host
              + ":"
              + port
              + ": "
              + e.getMessage()
              + "; choose another address with -X http.listen=HOST:PORT (port 0 takes a free one)",
          e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    http.setExecutor(threads);
    MetricsServer server = new MetricsServer(http, threads, metrics, health, others);
    http.createContext("/", server::answer);
    http.start();
    return server;
  }

  /// The address it listens on, such as `http://127.0.0.1:8080`.
  public String address() {
    InetSocketAddress bound = server.getAddress();
    String host = bound.getAddress().getHostAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private static void limit(String property, int usual) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(usual));
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, TEXT, "only GET and HEAD\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> health(exchange, Health::live);
        case "/readyz" -> health(exchange, Health::ready);
        case "/metrics" -> send(exchange, 200, PROMETHEUS, metrics.scrape());
        default -> others.handle(exchange);
      }
    }
  }

  private static void nothingElse(HttpExchange exchange) throws IOException {
    send(exchange, 404, TEXT, "/livez, /readyz and /metrics are here\n");
  }

  private void health(HttpExchange exchange, Predicate<Health> good) throws IOException {
    Health now = health.get();
    send(exchange, good.test(now) ? 200 : 503, TEXT, now.reason() + "\n");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    WriteDeadline.within(() -> {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    });
  }
}
