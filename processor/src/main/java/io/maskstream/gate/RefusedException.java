package io.maskstream.gate;

/// A candidate is refused; the message is one sentence that names the rule, the place and the
/// remedy.
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Reason reason;

  public RefusedException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  public RefusedException(Reason reason, String sentence, Throwable cause) {
    super(sentence, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /// The sentence.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
