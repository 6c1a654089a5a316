package io.maskstream.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An S3 server of one bucket in this process: PUT, GET, HEAD and ListObjectsV2 by path. It
/// computes the signature of every request (AWS Signature Version 4) anew and refuses any other.
public final class S3Server implements AutoCloseable {

  public static final String BUCKET = "models";
  public static final String ACCESS_KEY = "AKIAMASKSTREAM";
  public static final String SECRET_KEY = "a secret of the tests";

  private final HttpServer server;
  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

  public S3Server() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public Map<String, byte[]> objects() {
    return objects;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String key = path.replaceFirst("^/" + BUCKET + "/?", "");
    try (exchange) {
      if (!isSigned(exchange, body)) {
        error(exchange, 403, "SignatureDoesNotMatch");
      } else if (!path.startsWith("/" + BUCKET)) {
        error(exchange, 404, "NoSuchBucket");
      } else if (exchange.getRequestMethod().equals("PUT")) {
        objects.put(key, body);
        exchange.getResponseHeaders().add("ETag", "\"" + body.length + "\"");
        exchange.sendResponseHeaders(200, -1);
      } else if (key.isEmpty()) {
        send(exchange, list(exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8));
      } else if (!objects.containsKey(key)) {
        error(exchange, 404, "NoSuchKey");
      } else {
        send(exchange, objects.get(key));
      }
    }
  }

  private String list(URI uri) {
    String prefix =
        Arrays.stream(uri.getQuery().split("&"))
            .filter(word -> word.startsWith("prefix="))
            .map(word -> word.substring("prefix=".length()))
            .findFirst()
            .orElse("");
    return "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>"
        + objects.keySet().stream()
            .filter(key -> key.startsWith(prefix))
            .filter(key -> key.indexOf('/', prefix.length()) < 0)
            .map(key -> "<Contents><Key>" + key + "</Key></Contents>")
            .collect(Collectors.joining())
        + "</ListBucketResult>";
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    byte[] body =
        ("<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /// As in "Create a signed AWS API request", AWS Identity and Access Management User Guide.
  private static boolean isSigned(HttpExchange exchange, byte[] body) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    if (given == null || !given.startsWith("AWS4-HMAC-SHA256 ")) {
      return false;
    }
    Map<String, String> parts =
        Arrays.stream(given.substring(given.indexOf(' ') + 1).split(",\\s*"))
            .map(part -> part.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    String[] scope = parts.get("Credential").split("/", 2);
    String payload = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
    if (!scope[0].equals(ACCESS_KEY)
        || !payload.equals("UNSIGNED-PAYLOAD") && !payload.equals(hex(sha256(body)))) {
      return false;
    }
    URI uri = exchange.getRequestURI();
    String query =
        uri.getRawQuery() == null
            ? ""
            : Stream.of(uri.getRawQuery().split("&"))
                .map(word -> word.contains("=") ? word : word + "=")
                .sorted()
                .collect(Collectors.joining("&"));
    String headers =
        Stream.of(parts.get("SignedHeaders").split(";"))
            .map(name -> name + ":" + exchange.getRequestHeaders().getFirst(name).strip() + "\n")
            .collect(Collectors.joining());
    String canonical =
        String.join(
            "\n",
            exchange.getRequestMethod(),
            uri.getRawPath(),
            query,
            headers,
            parts.get("SignedHeaders"),
            payload);
    String text =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            exchange.getRequestHeaders().getFirst("x-amz-date"),
            scope[1],
            hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    byte[] key = ("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8);
    for (String word : scope[1].split("/")) {
      key = hmac(key, word);
    }
    return parts.get("Signature").equals(hex(hmac(key, text)));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
