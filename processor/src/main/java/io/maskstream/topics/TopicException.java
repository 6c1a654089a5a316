package io.maskstream.topics;

import java.util.List;

/// The cluster cannot be asked, or cannot be brought to the table; the message says what to do.
public final class TopicException extends RuntimeException {

  TopicException(String message, Throwable cause) {
    super(message, cause);
  }

  TopicException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
  }
}
