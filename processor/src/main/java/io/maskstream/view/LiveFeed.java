package io.maskstream.view;

import io.maskstream.topics.AnswerException;
import io.maskstream.topics.LiveReader;
import io.maskstream.topics.LiveReader.Live;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the cameras that somebody looks at, on one thread, and puts their pictures into the
/// outboxes of those who look. While nobody looks, nothing is read and no thread runs. Thread-safe.
final class LiveFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

  /// Names the cameras anew once in a while: the topic of candidates may have come.
  private static final Duration REFRESH = Duration.ofSeconds(15);

  /// Without brokers the reader would take ten seconds more; its thread ends by itself.
  private static final Duration LONGEST_END = Duration.ofSeconds(2);

  private static final int MOST_CLIENTS = 64;

  private final Supplier<LiveReader> readers;
  private final Set<Outbox> outboxes = new LinkedHashSet<>();
  private final Map<String, Channel> channels = new HashMap<>();
  private @Nullable Thread thread;
  private boolean closed;

  /// @param readers opens a reader of the topics; the feed closes it
  LiveFeed(Supplier<LiveReader> readers) {
    this.readers = readers;
  }

  /// Begins to look; [#leave] ends it.
  ///
  /// @return null if too many look already
  synchronized @Nullable Outbox watch(Set<String> cameras) {
    if (closed || outboxes.size() >= MOST_CLIENTS) {
      return null;
    }
    Outbox outbox = new Outbox(cameras);
    for (String camera : cameras) {
      Channel channel = channels.get(camera);
      if (channel != null) {
        channel.sinceKeyframe().forEach(outbox::offer);
      }
    }
    outboxes.add(outbox);
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("view-feed").start(this::run);
    }
    return outbox;
  }

  synchronized void leave(Outbox outbox) {
    outbox.close();
    outboxes.remove(outbox);
  }

  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      outboxes.forEach(Outbox::close);
      outboxes.clear();
      last = thread;
      notifyAll();
    }
    if (last != null) {
      try {
        last.join(LONGEST_END);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (goesOn()) {
      try (LiveReader reader = readers.get()) {
        read(reader);
      } catch (AnswerException e) {
        LOG.warn("the viewer reads nothing, and tries again: {}", e.getMessage());
        trouble(String.valueOf(e.getMessage()));
        pause();
      } catch (RuntimeException e) {
        LOG.error("the viewer has failed, and tries again", e);
        trouble("the viewer has failed, and tries again; its log says more");
        pause();
      }
    }
  }

  private void read(LiveReader reader) {
    Set<String> watched = Set.of();
    long since = System.nanoTime();
    while (goesOn()) {
      Set<String> wanted = wanted();
      long now = System.nanoTime();
      if (!wanted.equals(watched) || now - since > REFRESH.toNanos()) {
        reader.watch(wanted);
        trouble("");
        watched = wanted;
        since = now;
      }
      reader.poll(POLL, this::take);
      release();
    }
  }

  /// Whether anybody looks; the thread that is told no ends.
  private synchronized boolean goesOn() {
    if (thread != Thread.currentThread()) {
      return false;
    }
    if (outboxes.isEmpty()) {
      channels.clear();
      thread = null;
      return false;
    }
    return true;
  }

  private synchronized Set<String> wanted() {
    Set<String> wanted = new HashSet<>();
    outboxes.forEach(outbox -> wanted.addAll(outbox.cameras()));
    channels.keySet().retainAll(wanted);
    wanted.forEach(camera -> channels.computeIfAbsent(camera, _ -> new Channel(this::send)));
    return wanted;
  }

  private synchronized void take(Live live) {
    Channel channel = channels.get(live.identity().cameraId());
    if (channel != null) {
      channel.add(live, System.nanoTime());
    }
  }

  private synchronized void release() {
    long now = System.nanoTime();
    channels.values().forEach(channel -> channel.release(now));
  }

  private synchronized void send(Message message) {
    outboxes.forEach(outbox -> outbox.offer(message));
  }

  private synchronized void trouble(String why) {
    outboxes.forEach(outbox -> outbox.trouble(why));
  }

  private synchronized void pause() {
    try {
      if (!closed) {
        wait(TRY_AGAIN.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
