package io.maskstream.store;

import io.maskstream.gate.Candidates;
import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Candidates that a store should not give out.
public final class Candidate {

  private Candidate() {}

  /// Pushes a file to a store in a folder, unsigned.
  public static URI push(Path file, Path store) {
    try (ReleaseStore releases =
        new ReleaseStore(StoreOptions.in(store.resolveSibling("cache-of-push")))) {
      return releases
          .push(store.toUri(), file, new Gate(GateLimits.STANDARD), Optional.empty())
          .uri();
    }
  }

  /// Asks for a release by a digest that it does not have.
  public static void ofAnotherDigest(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("tiny.onnx"), Candidates.good());
    URI uri = push(file, folder.resolve("store-4"));
    try (ReleaseStore releases = new ReleaseStore(StoreOptions.in(folder.resolve("cache-4")))) {
      releases.fetch(uri, Optional.of("0".repeat(64)));
    }
  }

  /// Asks for a release that somebody else has signed.
  public static void ofABadSignature(Path folder) throws IOException {
    Path file = Files.write(folder.resolve("tiny.onnx"), Candidates.good());
    SigningKeys.generate(folder.resolve("theirs"), folder.resolve("theirs.pub"));
    SigningKeys.generate(folder.resolve("ours"), folder.resolve("ours.pub"));
    Trust trust = new Trust(List.of(SigningKeys.readOpen(folder.resolve("ours.pub"))), false);
    try (ReleaseStore releases =
        new ReleaseStore(StoreOptions.in(folder.resolve("cache-5")).with(trust))) {
      URI uri =
          releases
              .push(
                  folder.resolve("store-5").toUri(),
                  file,
                  new Gate(GateLimits.STANDARD),
                  Optional.of(SigningKeys.readSecret(folder.resolve("theirs"))))
              .uri();
      releases.fetch(uri, Optional.empty());
    }
  }
}
