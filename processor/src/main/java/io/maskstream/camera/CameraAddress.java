package io.maskstream.camera;

import java.util.Locale;

/// Where a camera is: a file, a URL or a device. Its text never shows who logs in, nor any query.
public final class CameraAddress {

  private final String text;

  private CameraAddress(String text) {
    this.text = text;
  }

  public static CameraAddress of(String text) {
    if (text.isBlank()) {
      throw new CameraException("the camera's address is empty");
    }
    return new CameraAddress(text);
  }

  /// For opening only: the whole address, with its secrets.
  String secret() {
    return text;
  }

  /// The scheme in lower case, or `file` for a path.
  public String scheme() {
    int colon = text.indexOf(':');
    if (colon < 2 || !text.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      return "file";
    }
    return text.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  /// The address without user, password, query and fragment.
  ///
  /// Everything up to the last `@` counts as the login, because passwords hold `/`, `#` and `@`
  /// that nobody has escaped.
  @Override
  public String toString() {
    int begin = text.indexOf("://");
    if (begin < 0) {
      return text;
    }
    String scheme = text.substring(0, begin + 3);
    String rest = text.substring(begin + 3);
    int login = rest.lastIndexOf('@');
    int query = rest.indexOf('?');
    if (login > query && query >= 0) {
      return scheme + "(hidden)"; // a password with a question mark, or a query with an at sign
    }
    if (login >= 0) {
      rest = rest.substring(login + 1);
    }
    for (char mark : new char[] {'?', '#', ';'}) {
      int at = rest.indexOf(mark);
      rest = at < 0 ? rest : rest.substring(0, at);
    }
    return scheme + rest;
  }
}
