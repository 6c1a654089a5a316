package io.maskstream.wire;

import org.jspecify.annotations.Nullable;

/// A record of a topic cannot be read; the message is a sentence for the dead letter.
public final class WireException extends RuntimeException {

  private final transient @Nullable Identity identity;

  public WireException(String message) {
    this(message, null, null);
  }

  public WireException(String message, @Nullable Identity identity, @Nullable Throwable cause) {
    super(message, cause);
    this.identity = identity;
  }

  /// The record's identity, if that much of it could be read.
  public @Nullable Identity identity() {
    return identity;
  }
}
