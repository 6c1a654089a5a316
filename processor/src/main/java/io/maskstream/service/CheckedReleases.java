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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Releases that may be served: fetched from their store, let through the gate, and proven in a
/// process of their own, once for each digest. Thread-safe.
final class CheckedReleases implements ReleaseSource {

  private final ReleaseStore store;
  private final Gate gate;
  private final Proof proof;
  private final Set<String> proven = ConcurrentHashMap.newKeySet();

  CheckedReleases(StoreOptions options, ProofLimits limits) {
    store = new ReleaseStore(options);
    gate = new Gate(GateLimits.STANDARD.withCoarserMaps(limits.coarserMaps()));
    proof = new Proof(limits);
  }

  @Override
  public Path fetch(URI uri, String sha256) {
    try {
      Path file = store.fetch(uri, Optional.of(sha256)).file();
      if (!proven.contains(sha256)) {
        prove(file, uri.toString());
        proven.add(sha256);
      }
      return file;
    } catch (RefusedException e) {
      throw new ReleaseException(e.reason() + ": " + e.sentence(), e);
    } catch (StoreException | UncheckedIOException e) {
      throw new ReleaseException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseException("the processor stops: uri=" + uri, e);
    }
  }

  private void prove(Path file, String source) throws InterruptedException {
    byte[] bytes;
    try {
      gate.checkSize(Files.size(file), source);
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new ReleaseException("cannot read the release " + file + ": " + e, e);
    }
    ReleaseFile release = gate.check(bytes, source);
    if (proof.prove(release) instanceof Verdict.Refused refused) {
      throw new RefusedException(refused.reason(), refused.sentence());
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
