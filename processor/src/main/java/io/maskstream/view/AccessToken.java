package io.maskstream.view;

import io.maskstream.config.TokenLength;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What whoever wants to look from another machine has to know. Only its digest is kept, so it can
/// be printed by nobody. Immutable.
public final class AccessToken {

  private final byte[] digest;

  private AccessToken(byte[] digest) {
    this.digest = digest;
  }

  /// @throws IllegalArgumentException if it is so short that it can be guessed
  public static AccessToken of(String text) {
    TokenLength.require(text);
    return new AccessToken(sha256(text));
  }

  /// Takes as long for every text.
  boolean matches(String text) {
    return MessageDigest.isEqual(digest, sha256(text));
  }

  /// What a browser shows instead of the token from then on; tells nothing of it.
  String cookie() {
    return HexFormat.of()
        .formatHex(sha256("maskstream cookie " + HexFormat.of().formatHex(digest)));
  }

  boolean matchesCookie(String text) {
    return MessageDigest.isEqual(
        cookie().getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "[hidden]";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
