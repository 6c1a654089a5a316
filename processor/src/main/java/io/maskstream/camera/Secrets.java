package io.maskstream.camera;

import java.util.regex.Pattern;

/// The second net: hides what looks like user info or a query in text from elsewhere, such as
/// FFmpeg's log. [CameraAddress] is the first.
final class Secrets {

  private static final Pattern USER_INFO =
      Pattern.compile("([a-z][a-z0-9+.-]*://)[^\\s'\"<>]*@", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUERY =
      Pattern.compile(
          "([a-z][a-z0-9+.-]*://[^\\s'\"<>?]*\\?)[^\\s'\"<>]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern CREDENTIALS =
      Pattern.compile(
          "(authorization:|password[=:]|passwd[=:]|pwd[=:]|token[=:]|user(name)?[=:])\\s*[^\\r\\n&]*",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  static String scrub(String text) {
    String withoutUsers = USER_INFO.matcher(text).replaceAll("$1***@");
    String withoutQueries = QUERY.matcher(withoutUsers).replaceAll("$1***");
    return CREDENTIALS.matcher(withoutQueries).replaceAll("$1***");
  }
}
