package io.maskstream.service;

import io.maskstream.inference.InferenceException;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.Provider;
import io.maskstream.metrics.Metrics;
import io.maskstream.shadow.Tally;
import io.maskstream.shadow.Watch;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.ModelException;
import io.maskstream.topics.TopicException;
import io.maskstream.topology.ServedReleases;
import io.maskstream.topology.StreamObserver;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelStatus.Loaded;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches releases that have just come into force, and takes back those that go bad: writes the
/// rollback to the models topic, by which every processor goes back at the same frame. A candidate
/// that is rejected here it rejects for all.
///
/// No processor leads: whoever sees a fault first writes, and who comes later finds it written.
/// Told on the threads of the stream and the segmenters, at work on one of its own. Closed by
/// whoever opened it, before the releases.
final class Probation implements StreamObserver, InferenceObserver, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Probation.class);

  private static final long TICK_MILLIS = 500;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(15);

  private final Properties client;
  private final ControlTopics topics;
  private final Watch watch;
  private final Metrics metrics;
  private final Map<Release, Tally> tallies = new ConcurrentHashMap<>();

  /// Assignments that have been taken back here, or found to be so.
  private final Set<String> over = ConcurrentHashMap.newKeySet();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("model-probation").factory());

  /// @param client properties of any Kafka client: brokers and security
  Probation(Properties client, ControlTopics topics, Watch watch, Metrics metrics) {
    this.client = client;
    this.topics = topics;
    this.watch = watch;
    this.metrics = metrics;
  }

  /// Begins to judge.
  ///
  /// @param configured the release of the configuration, which held before any was assigned
  void start(ServedReleases releases, Release configured) {
    thread.scheduleWithFixedDelay(
        () -> judge(releases, configured), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void ran(Release release, Provider provider, int batchSize, Duration inference) {
    tally(release).observer().ran(release, provider, batchSize, inference);
  }

  @Override
  public void batchFailed(
      Release release, Provider provider, int batchSize, InferenceException failure) {
    tally(release).batchFailed();
  }

  @Override
  public void failed(Release release, Provider provider, InferenceException failure) {
    tally(release).observer().failed(release, provider, failure);
  }

  @Override
  public void answered(Answered answer) {
    FrameStatistics statistics = answer.statistics();
    if (statistics.release() != null && statistics.marker() == null) {
      boolean all =
          statistics.classes().stream()
              .anyMatch(area -> area.pixelCount() == statistics.pixelCount());
      tally(statistics.release()).answered(all);
    }
  }

  private Tally tally(Release release) {
    return tallies.computeIfAbsent(release, _ -> new Tally());
  }

  private void judge(ServedReleases releases, Release configured) {
    try {
      for (ModelHistory history : releases.histories()) {
        Optional<Assignment> newest = history.newest().filter(this::onProbation);
        if (newest.isPresent() && !over.contains(key(history.scope(), newest.get().number()))) {
          Release before =
              history
                  .before()
                  .filter(assignment -> !assignment.withdrawn())
                  .map(Assignment::release)
                  .orElse(configured);
          watch
              .serving()
              .fault(tally(newest.get().release()), tally(before))
              .ifPresent(fault -> rollBack(history.scope(), newest.get(), fault));
        }
      }
      for (Loaded candidate : releases.rejectedCandidates()) {
        if (!over.contains(key(candidate.scope(), candidate.number()))) {
          write(
              candidate.scope(),
              candidate.number(),
              assigner -> assigner.reject(candidate.number(), candidate.reason()));
        }
      }
      // What no assignment names any more is judged no more.
      tallies
          .keySet()
          .removeIf(release ->
              !release.equals(configured)
                  && releases.histories().stream()
                      .flatMap(history -> history.assignments().stream())
                      .noneMatch(assignment -> assignment.release().equals(release)));
    } catch (RuntimeException e) {
      LOG.error("releases on probation cannot be judged; it is tried again", e);
    }
  }

  private boolean onProbation(Assignment assignment) {
    Instant from = assignment.effectiveFrom();
    Instant now = Instant.now();
    return !assignment.withdrawn()
        && from != null
        && now.isAfter(from)
        && now.isBefore(from.plus(watch.probation()));
  }

  private void rollBack(String scope, Assignment bad, String fault) {
    write(
        scope,
        bad.number(),
        assigner -> {
          boolean holds =
              assigner
                  .history()
                  .newest()
                  .filter(newest -> newest.number() == bad.number())
                  .isPresent();
          if (holds) {
            LOG.error("release={} is rolled back: scope={}: {}", bad.release(), scope, fault);
            assigner.rollback(
                Duration.ZERO,
                ModelAssigner.MARGIN,
                "rolled back from " + bad.release() + ": " + fault,
                _ -> {});
            metrics.rolledBack();
          }
        });
    // If it comes into force again, it is judged by what it does then.
    tallies.remove(bad.release());
  }

  private void write(String scope, long number, Consumer<ModelAssigner> change) {
    try (ModelAssigner assigner = ModelAssigner.open(client, topics, scope)) {
      change.accept(assigner);
      over.add(key(scope, number));
    } catch (ModelException | AnswerException | TopicException e) {
      LOG.warn("scope={} cannot be changed, it is tried again: {}", scope, e.getMessage());
    }
  }

  private static String key(String scope, long number) {
    return scope + "#" + number;
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a rollback is still being written; it is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
