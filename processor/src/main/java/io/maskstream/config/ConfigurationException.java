package io.maskstream.config;

import java.util.List;

/// The configuration cannot be used; the message has one line for every fault.
public final class ConfigurationException extends RuntimeException {

  ConfigurationException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
  }

  ConfigurationException(String fault, Throwable cause) {
    super(fault, cause);
  }
}
