package io.maskstream.view;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Decides who may look.
///
/// Without a token only this machine may, and only under a name of its own: a foreign page whose
/// name was made to lead here (DNS rebinding) sends that name as `Host`. With a token everybody may
/// who knows it. In both cases a browser that asks on behalf of a foreign page is refused.
///
/// @param token empty for this machine only
record Admission(Optional<AccessToken> token) {

  static final String COOKIE = "maskstream";

  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String BEARER = "Bearer ";

  /// The answer to a request.
  sealed interface Verdict {

    record Admitted() implements Verdict {}

    /// The token came in the address; the browser is to ask again without it.
    record Exchange(String cookie) implements Verdict {}

    /// @param status of HTTP
    /// @param why with the remedy, for a person
    record Refused(int status, String why) implements Verdict {}
  }

  Verdict judge(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    if (isForeign(headers, exchange.getRequestURI().getPath().equals("/"))) {
      return new Verdict.Refused(403, "asked by a page of another site\n");
    }
    if (token.isPresent()) {
      return judge(token.get(), exchange);
    }
    if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
      return new Verdict.Refused(
          403,
          "only this machine may look: without a token the viewer answers on loopback alone; set"
              + " http.token, or forward the port\n");
    }
    if (!OWN_NAMES.contains(name(headers))) {
      return new Verdict.Refused(
          421, "this is not my name; open http://localhost, or set http.token for other names\n");
    }
    return new Verdict.Admitted();
  }

  private static Verdict judge(AccessToken token, HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String bearer = first(headers, "Authorization");
    if (bearer.startsWith(BEARER) && token.matches(bearer.substring(BEARER.length()).strip())) {
      return new Verdict.Admitted();
    }
    if (cookies(headers).anyMatch(token::matchesCookie)) {
      return new Verdict.Admitted();
    }
    if (token.matches(Query.of(exchange.getRequestURI()).value("token"))) {
      return new Verdict.Exchange(token.cookie());
    }
    return new Verdict.Refused(
        401, "a token is wanted: open /?token=TOKEN, or send Authorization: Bearer TOKEN\n");
  }

  /// Browsers name the page that asks; they let a link lead to the page itself.
  private static boolean isForeign(Headers headers, boolean page) {
    String origin = first(headers, "Origin");
    if (!origin.isEmpty() && !authority(origin).equals(first(headers, "Host"))) {
      return true;
    }
    String site = first(headers, "Sec-Fetch-Site");
    boolean own = site.isEmpty() || site.equals("same-origin") || site.equals("none");
    return !own && !(page && first(headers, "Sec-Fetch-Mode").equals("navigate"));
  }

  private static String authority(String origin) {
    try {
      return String.valueOf(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException _) {
      return "";
    }
  }

  private static String name(Headers headers) {
    return first(headers, "Host").replaceFirst(":[0-9]*$", "");
  }

  private static Stream<String> cookies(Headers headers) {
    return headers.getOrDefault("Cookie", List.of()).stream()
        .flatMap(line -> Stream.of(line.split(";")))
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(COOKIE + "="))
        .map(cookie -> cookie.substring(COOKIE.length() + 1));
  }

  private static String first(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value;
  }
}
