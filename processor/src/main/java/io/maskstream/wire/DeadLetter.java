package io.maskstream.wire;

import org.jspecify.annotations.Nullable;

/// A record that could not be read as an access unit: where it lies and why, without its picture.
///
/// @param topic of the record
/// @param partition of the record
/// @param offset of the record
/// @param identity null if it could not be read
/// @param reason one sentence for a person: what is wrong, and what to do
/// @param valueSizeBytes bytes of the record's value
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    @Nullable Identity identity,
    String reason,
    long valueSizeBytes) {

  public DeadLetter {
    if (partition < 0 || offset < 0 || valueSizeBytes < 0) {
      throw new IllegalArgumentException(
          "dead letter has a negative number: partition=%d offset=%d value_size_bytes=%d"
              .formatted(partition, offset, valueSizeBytes));
    }
  }

  /// Reads the value of a record of the dead letters topic.
  ///
  /// @throws WireException if it is none
  public static DeadLetter parse(byte @Nullable [] value) {
    return ControlMessages.parseDeadLetter(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return ControlMessages.toMessage(this).toByteArray();
  }
}
