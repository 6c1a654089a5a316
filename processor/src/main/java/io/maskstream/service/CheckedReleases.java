package io.maskstream.service;

import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.gate.RefusedException;
import io.maskstream.inference.Proof;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Verdict;
import io.maskstream.release.ReleaseException;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseSource;
import io.maskstream.store.ReleaseStore;
import io.maskstream.store.StoreException;
import io.maskstream.store.StoreOptions;
import io.maskstream.store.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Releases that may be served: fetched from their store, let through the gate, and proven in a
/// process of their own, once for each digest, also over restarts. Thread-safe.
final class CheckedReleases implements ReleaseSource {

  private final ReleaseStore store;
  private final Gate gate;
  private final Proof proof;
  private final ProvenNotes notes;

  /// Has been through the gate in this process.
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  CheckedReleases(StoreOptions options, ProofLimits limits) {
    store = new ReleaseStore(options);
    gate = new Gate(GateLimits.STANDARD.withCoarserMaps(limits.coarserMaps()));
    proof = new Proof(limits);
    notes = new ProvenNotes(options.cache().resolve("proven"), proof.conditions());
  }

  /// The release that the configuration names. It may be older than others that were taken here:
  /// whoever writes the configuration has chosen it.
  ///
  /// @throws ReleaseException if it cannot be had, or is not fit to be served, saying why
  static ReleaseFile configured(
      StoreOptions options, ProofLimits limits, URI uri, Optional<String> sha256) {
    StoreOptions chosen = options.with(new Trust(options.trust().keys(), true));
    try (CheckedReleases checked = new CheckedReleases(chosen, limits)) {
      return saying(uri, () -> checked.proven(checked.store.read(uri, sha256), uri));
    }
  }

  /// Lets a release that the program has brought along pass; it is not proven.
  ///
  /// @throws ReleaseException if the gate refuses it, saying why
  static void check(ReleaseFile release) {
    try {
      new Gate(GateLimits.STANDARD).check(release.graph(), release.toString());
    } catch (RefusedException e) {
      throw refused(e);
    }
  }

  @Override
  public Path fetch(URI uri, String sha256) {
    return saying(
        uri,
        () -> {
          Path file = store.fetch(uri, Optional.of(sha256)).file();
          if (!checked.contains(sha256)) {
            proven(file, uri);
            checked.add(sha256);
          }
          return file;
        });
  }

  private interface Step<T> {

    T take() throws InterruptedException;
  }

  private static <T> T saying(URI uri, Step<T> step) {
    try {
      return step.take();
    } catch (RefusedException e) {
      throw refused(e);
    } catch (StoreException | UncheckedIOException e) {
      throw new ReleaseException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseException("the processor stops: uri=" + uri, e);
    }
  }

  private static ReleaseException refused(RefusedException e) {
    return new ReleaseException(e.reason() + ": " + e.sentence(), e);
  }

  private ReleaseFile proven(Path file, URI uri) throws InterruptedException {
    String source = uri.toString();
    byte[] bytes;
    try {
      gate.checkSize(Files.size(file), source);
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ReleaseException("cannot read the release " + file + ": " + e, e);
    }
    ReleaseFile release = gate.check(bytes, source);
    String sha256 = release.release().sha256();
    if (!notes.has(sha256)) {
      if (proof.prove(release) instanceof Verdict.Refused refused) {
        throw new RefusedException(refused.reason(), refused.sentence());
      }
      notes.add(sha256);
    }
    return release;
  }

  @Override
  public void close() {
    store.close();
  }
}
