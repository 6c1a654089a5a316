package io.maskstream.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the HTTP server listens.
///
/// @param host a name or address; 0.0.0.0 is every interface
/// @param port 0 takes a free one
public record ListenAddress(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");

  public ListenAddress {
    if (host.isBlank() || port < 0 || port > 65535) {
      throw new IllegalArgumentException("no address to listen on: host=" + host + " port=" + port);
    }
  }

  /// Reads `host:port` or `[IPv6]:port`.
  public static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "wants HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080, and port 0 for a free one");
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new ListenAddress(host, Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
