package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.CameraStatus;
import io.maskstream.wire.CameraStatus.State;
import io.maskstream.wire.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One camera's life: session after session until it is stopped, or its source was played once.
/// Runs on a thread of its own.
final class CameraRun implements Runnable {

  private final String cameraId;
  private final CameraAddress address;
  private final PublisherSettings settings;
  private final FrameSender sender;
  private final Meter meter;
  private final Cancellation cancellation;
  private final RandomGenerator random;
  private final Consumer<String> notices;
  private final InstantSource clock;
  private String description = "";
  private String sessionId = "";
  private volatile @Nullable String failure;

  CameraRun(
      String cameraId,
      CameraAddress address,
      PublisherSettings settings,
      FrameSender sender,
      Meter meter,
      Cancellation cancellation,
      RandomGenerator random,
      Consumer<String> notices) {
    this.cameraId = cameraId;
    this.address = address;
    this.settings = settings;
    this.sender = sender;
    this.meter = meter;
    this.cancellation = cancellation;
    this.random = random;
    this.notices = notices;
    this.clock = settings.source().clock();
  }

  /// Why it ended, if not in peace.
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  CameraReading read() {
    return meter.read();
  }

  @Override
  public void run() {
    try {
      announce(State.DOWN, "connecting");
      live();
      announce(State.STOPPED, "");
      sender.flush();
    } catch (BrokerException e) {
      failure = e.getMessage();
    } catch (CameraException e) {
      failure = "camera=%s %s".formatted(cameraId, e.getMessage());
      announce(State.STOPPED, String.valueOf(e.getMessage()));
    } finally {
      meter.down();
    }
  }

  private void live() {
    int failures = 0;
    while (!cancellation.isCancelled()) {
      Instant begun = clock.instant();
      try {
        session();
        failures = 0;
        if (settings.once()) {
          return;
        }
      } catch (CameraException e) {
        if (cancellation.isCancelled()) {
          return;
        }
        if (settings.once()) {
          throw e;
        }
        Duration lasted = Duration.between(begun, clock.instant());
        boolean settled = lasted.compareTo(settings.backoff().settled()) >= 0;
        failures = settled ? 1 : failures + 1;
        reconnectAfter(
            settings.backoff().delay(failures, random.nextDouble()),
            String.valueOf(e.getMessage()));
      }
    }
  }

  private void reconnectAfter(Duration wait, String reason) {
    meter.down();
    meter.reconnecting();
    announce(State.DOWN, reason);
    notices.accept(
        "camera=%s %s; trying again in %.1f s".formatted(cameraId, reason, wait.toNanos() / 1e9));
    cancellation.await(wait.toNanos());
  }

  private void session() {
    try (CameraSource source =
        CameraSource.open(cameraId, address, settings.source(), cancellation)) {
      description = source.format().description();
      sessionId = source.sessionId();
      try {
        publish(source);
      } finally {
        // Also where the camera has failed: pictures still in the decoder are due.
        sender.send(source.endOfSession());
      }
    }
  }

  private void publish(CameraSource source) {
    boolean paced = !source.format().live();
    long startNanos = System.nanoTime();
    Identity first = null;
    for (Optional<AccessUnit> next = source.next(); next.isPresent(); next = source.next()) {
      AccessUnit unit = next.get();
      if (first == null) {
        first = unit.identity();
        startNanos = System.nanoTime();
        announce(State.UP, "");
      }
      boolean stopped = paced && waitFor(unit.identity(), first, startNanos);
      // One in hand is sent even then: it has its sequence, and the session is to end without a
      // gap.
      sender.send(unit);
      if (stopped) {
        return;
      }
    }
    if (first == null && !cancellation.isCancelled()) {
      throw new CameraException("there are no pictures in " + address);
    }
  }

  /// Holds an access unit back until it would have been captured.
  ///
  /// @return whether the camera was stopped meanwhile
  private boolean waitFor(Identity unit, Identity first, long startNanos) {
    long media = Timeline.elapsed(unit.pts() - first.pts(), unit.timeBase()).toNanos();
    long delay = settings.pace().delayNanos(media, System.nanoTime() - startNanos);
    return delay > 0 ? cancellation.await(delay) : cancellation.isCancelled();
  }

  private void announce(State state, String detail) {
    sender.send(
        new CameraStatus(
            cameraId,
            state,
            description,
            sessionId,
            clock.instant(),
            address.withoutPlaces(detail)));
  }
}
