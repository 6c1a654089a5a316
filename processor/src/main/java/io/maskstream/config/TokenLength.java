package io.maskstream.config;

/// How long a token has to be.
public final class TokenLength {

  private static final int SHORTEST = 16;

  private TokenLength() {}

  /// @throws IllegalArgumentException if it is so short that it can be guessed; does not repeat it
  public static void require(String token) {
    if (token.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "token is too short: characters=%d wanted=%d; `openssl rand -hex 16` makes one"
              .formatted(token.length(), SHORTEST));
    }
  }
}
