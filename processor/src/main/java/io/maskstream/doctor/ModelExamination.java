package io.maskstream.doctor;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.doctor.Finding.Level;
import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.gate.RefusedException;
import io.maskstream.inference.InferenceException;
import io.maskstream.inference.OnnxRuntime;
import io.maskstream.inference.Proof;
import io.maskstream.inference.Provider;
import io.maskstream.inference.Verdict;
import io.maskstream.release.ReleaseFile;
import io.maskstream.store.ReleaseStore;
import io.maskstream.store.StoreException;
import io.maskstream.store.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The release of the configuration, and what computes it.
record ModelExamination(ProcessorConfig config, List<Finding> findings) {

  void run() throws InterruptedException {
    Optional<URI> model = config.model();
    if (model.isEmpty()) {
      findings.add(
          Finding.warning(
              "model",
              "model= is not set",
              "set model=FILE in the configuration, or -X model=FILE; `maskstream model package` makes one"));
      provider(Optional.empty());
      return;
    }
    Optional<Verdict.Proven> proven = Optional.empty();
    try {
      proven = Optional.of(prove(model.get()));
    } catch (RefusedException e) {
      refused(model.get(), e.reason() + ": " + e.sentence());
    } catch (StoreException | UncheckedIOException | InferenceException e) {
      refused(model.get(), String.valueOf(e.getMessage()));
    }
    provider(proven);
  }

  /// As the processor does when it starts, but always anew.
  private Verdict.Proven prove(URI model) throws InterruptedException {
    Gate gate = new Gate(GateLimits.STANDARD.withCoarserMaps(config.proof().coarserMaps()));
    Trust chosen = new Trust(config.store().trust().keys(), true);
    try (ReleaseStore store = new ReleaseStore(config.store().with(chosen))) {
      Path file = store.read(model, config.modelDigest());
      gate.checkSize(Files.size(file), model.toString());
      ReleaseFile release = gate.check(Files.readAllBytes(file), model.toString());
      return switch (new Proof(config.proof()).prove(release)) {
        case Verdict.Refused refused ->
            throw new RefusedException(refused.reason(), refused.sentence());
        case Verdict.Proven proven -> {
          findings.add(
              Finding.ok(
                  "model",
                  "release=%s golden.frames=%d golden.differing=%.2f %% frame=%d ms memory=%d MiB"
                      .formatted(
                          release,
                          proven.goldenFrames(),
                          100 * proven.differing(),
                          proven.frameTime().toMillis(),
                          proven.memoryBytes() >> 20)));
          yield proven;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the release " + model + ": " + e, e);
    }
  }

  private void refused(URI model, String why) {
    findings.add(
        Finding.failure(
            "model",
            "model=%s is refused: %s".formatted(model, why),
            "package it again with `maskstream model package`, or set model= to another;"
                + " `maskstream model verify` tries one"));
  }

  private void provider(Optional<Verdict.Proven> proven) {
    Provider asked = config.inference().provider();
    Optional<String> lack = asked == Provider.CPU ? Optional.empty() : OnnxRuntime.whyNoCuda();
    Provider used =
        proven
            .map(Verdict.Proven::provider)
            .orElse(asked == Provider.CPU || lack.isPresent() ? Provider.CPU : Provider.CUDA);
    String what = "inference.provider=%s used=%s".formatted(asked, used);
    if (asked == Provider.CPU || used == Provider.CUDA) {
      findings.add(Finding.ok("gpu", what));
      return;
    }
    String why = what + ": " + lack.orElse("the release does not load on the GPU");
    Level level =
        asked == Provider.CUDA ? Level.FAILURE : OnnxRuntime.driver() ? Level.WARNING : Level.OK;
    findings.add(
        level == Level.OK
            ? Finding.ok("gpu", why)
            : Finding.failed(
                level, "gpu", why, "install CUDA 12 and cuDNN 9, or set inference.provider=cpu"));
  }
}
