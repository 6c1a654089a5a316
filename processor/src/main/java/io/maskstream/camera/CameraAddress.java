package io.maskstream.camera;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/// Where a camera is found. May hold a user's name and password; what [#toString] says does not.
///
/// Kinds: a path or `file:` URL, `rtsp://` and `rtsps://`, `http://` and `https://`, `/dev/videoN`,
/// `testsrc`, `testsrc:WIDTHxHEIGHT` and `testsrc:WIDTHxHEIGHT@FPS`, each with `:varied` or
/// without.
public final class CameraAddress {

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s;,]*");
  private static final Pattern DEVICE = Pattern.compile("/dev/video[0-9]+");
  private static final Pattern SECRET_SEGMENT =
      Pattern.compile("(?i)[^/]*(user|pass|pwd|login|auth|token|secret|key)[^/]*=[^/]*");
  private static final String HIDDEN = "***";

  private final String address;
  private final Kind kind;

  private CameraAddress(String address, Kind kind) {
    this.address = address;
    this.kind = kind;
  }

  /// @throws IllegalArgumentException if no source is known by such an address
  public static CameraAddress of(String address) {
    if (address.isBlank()) {
      throw new IllegalArgumentException(
          "the source is empty; name a file, rtsp://…, http://…, /dev/videoN or testsrc");
    }
    if (address.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("the source's address holds control characters");
    }
    if (address.startsWith("/") || address.startsWith(".")) {
      return new CameraAddress(
          address, DEVICE.matcher(address).matches() ? Kind.DEVICE : Kind.FILE);
    }
    var scheme = SCHEME.matcher(address);
    if (!scheme.matches()) {
      return new CameraAddress(address, address.equals("testsrc") ? Kind.GENERATED : Kind.FILE);
    }
    String name = scheme.group(1).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "rtsp", "rtsps" -> new CameraAddress(address, Kind.RTSP);
      case "http", "https" -> new CameraAddress(address, Kind.HTTP);
      case "testsrc" -> new CameraAddress(address, Kind.GENERATED);
      case "file" -> new CameraAddress(path(address), Kind.FILE);
      default ->
          throw new IllegalArgumentException(
              "no source is known by the scheme "
                  + name
                  + ": use rtsp, rtsps, http, https, a file, /dev/videoN or testsrc"
                  + " (a file with a colon in its name: ./NAME)");
    };
  }

  public Kind kind() {
    return kind;
  }

  /// The whole address, secrets and all: for opening the source, and for nothing else.
  String secret() {
    return address;
  }

  /// FFmpeg's words, with the address and its parts replaced where they could hold a secret.
  String scrub(String words) {
    return Secrets.scrub(words.replace(address, toString()));
  }

  /// A sentence for everyone who may read a topic: it names no place at all.
  String withoutPlaces(String sentence) {
    return URL.matcher(sentence.replace(toString(), "the source")).replaceAll("an address");
  }

  /// The address without user, password and query: safe to show.
  @Override
  public String toString() {
    return switch (kind) {
      case FILE, DEVICE, GENERATED -> address;
      case RTSP, HTTP -> shown();
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CameraAddress that && address.equals(that.address);
  }

  @Override
  public int hashCode() {
    return Objects.hash(address);
  }

  /// An `@` behind the first `/`, `?` or `#` may belong to a password written unescaped or to the
  /// path; nothing tells them apart, so nothing but the scheme is shown then.
  private String shown() {
    int colon = address.indexOf(':');
    String scheme = address.substring(0, colon) + "://";
    String rest = address.substring(address.startsWith("://", colon) ? colon + 3 : colon + 1);
    int end = indexOfAny(rest, "/?#");
    int at = rest.lastIndexOf('@');
    if (at > end && end >= 0) {
      return scheme + HIDDEN;
    }
    String path = end < 0 ? "" : rest.substring(end);
    String host = rest.substring(at + 1, end < 0 ? rest.length() : end);
    return scheme + (at >= 0 ? HIDDEN + "@" : "") + host + shownPath(path);
  }

  /// Some cameras take user and password in the path, as in `/user=admin_password=x_channel=1`.
  private static String shownPath(String path) {
    int query = indexOfAny(path, "?#;&");
    String shown = query < 0 ? path : path.substring(0, query + 1) + HIDDEN;
    return SECRET_SEGMENT.matcher(shown).replaceAll(HIDDEN);
  }

  private static int indexOfAny(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static String path(String url) {
    String path = url.substring("file:".length());
    return path.startsWith("//") ? path.substring(2) : path;
  }

  /// How a source is reached.
  public enum Kind {
    /// Read at any pace, again from its beginning if wanted.
    FILE,
    /// A network camera, over TCP.
    RTSP,
    /// Multipart JPEG from a camera, or a file from a web server.
    HTTP,
    /// A Video4Linux device.
    DEVICE,
    /// A moving scene that is drawn and encoded here.
    GENERATED
  }
}
