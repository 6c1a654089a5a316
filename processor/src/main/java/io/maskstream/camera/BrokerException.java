package io.maskstream.camera;

/// Kafka does not take what is published; trying on does not help.
final class BrokerException extends RuntimeException {

  BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
