package io.maskstream.inference;

import java.time.Duration;
import java.util.Optional;

/// What a candidate is given to prove itself.
///
/// @param provider that it will be served on; the proof runs there too
/// @param batchMax largest micro-batch that it will be served in
/// @param deadline for the whole proof of a file of up to 16 MiB, the start of its process
///   included; see [#deadlineOf]
/// @param memoryBytes that ONNX Runtime may take beside four times the file itself, which it holds
///   as read, as loaded and as laid out anew
/// @param budget for one frame at 640x480, or at the release's fixed size; nothing if any will do
/// @param coarserMaps whether the class map may be smaller than the frame
public record ProofLimits(
    Provider provider,
    int batchMax,
    Duration deadline,
    long memoryBytes,
    Optional<Duration> budget,
    boolean coarserMaps) {

  public static final ProofLimits STANDARD =
      new ProofLimits(Provider.CPU, 4, Duration.ofSeconds(15), 2L << 30, Optional.empty(), false);

  private static final long FREE_BYTES = 16L << 20;
  private static final long BYTES_A_SECOND = 4L << 20;

  public ProofLimits {
    if (batchMax < 1 || !deadline.isPositive() || memoryBytes < 1) {
      throw new IllegalArgumentException(
          "proof limits are not positive: batch="
              + batchMax
              + " deadline="
              + deadline
              + " memory="
              + memoryBytes);
    }
  }

  /// What the proof of a file of this size may take: [#deadline], and a second more for every 4 MiB
  /// above 16 MiB. FCN-8s on VGG-16 (512 MiB), which wants up to 90 s on two cores, gets 139 s.
  ///
  /// The size decides, not the work that a graph asks for: a small file that asks for much is one
  /// of those that the deadline is for.
  public Duration deadlineOf(long fileBytes) {
    return deadline.plusSeconds(Math.max(0, fileBytes - FREE_BYTES) / BYTES_A_SECOND);
  }

  public ProofLimits withBudget(Duration other) {
    return new ProofLimits(
        provider, batchMax, deadline, memoryBytes, Optional.of(other), coarserMaps);
  }

  public ProofLimits withMemory(long bytes) {
    return new ProofLimits(provider, batchMax, deadline, bytes, budget, coarserMaps);
  }

  public ProofLimits withDeadline(Duration other) {
    return new ProofLimits(provider, batchMax, other, memoryBytes, budget, coarserMaps);
  }
}
