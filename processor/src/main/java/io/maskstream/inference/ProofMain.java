package io.maskstream.inference;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import io.maskstream.release.ReleaseFile;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The process of a proof: the candidate on stdin, the verdict on stdout.
final class ProofMain {

  private ProofMain() {}

  /// @param words as [#arguments] gives them
  public static void main(String[] words) throws IOException {
    // Whatever prints must not print into the verdict.
    System.setOut(System.err);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
      verdict(System.in.readAllBytes(), words).write(out);
    }
    // Threads of a native library may still be at work.
    Runtime.getRuntime().halt(0);
  }

  static String[] arguments(ProofLimits limits) {
    return new String[] {
      limits.provider().toString(),
      Integer.toString(limits.batchMax()),
      Long.toString(limits.deadline().toMillis()),
      Long.toString(limits.memoryBytes()),
      Long.toString(limits.budget().map(Duration::toNanos).orElse(0L)),
      Boolean.toString(limits.coarserMaps())
    };
  }

  private static Verdict verdict(byte[] candidate, String[] words) {
    long budget = Long.parseLong(words[4]);
    ProofLimits limits =
        new ProofLimits(
            Provider.of(words[0]),
            Integer.parseInt(words[1]),
            Duration.ofMillis(Long.parseLong(words[2])),
            Long.parseLong(words[3]),
            budget == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(budget)),
            Boolean.parseBoolean(words[5]));
    try {
      ReleaseFile release = ReleaseFile.of(candidate, "the candidate");
      return new Trial(release, limits, limits.deadlineOf(candidate.length)).run();
    } catch (RefusedException e) {
      return new Verdict.Refused(e.reason(), e.sentence());
    } catch (RuntimeException e) {
      return new Verdict.Refused(
          Reason.RUN, ("the candidate fails: " + e).replaceAll("\\s+", " ") + "; package it again");
    }
  }
}
