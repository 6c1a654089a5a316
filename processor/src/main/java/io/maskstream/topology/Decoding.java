package io.maskstream.topology;

import io.maskstream.topology.CameraTrack.Answer;
import io.maskstream.topology.CameraTrack.Answer.Marked;
import io.maskstream.topology.CameraTrack.Answer.Submitted;
import io.maskstream.topology.CameraTrack.Fed;
import io.maskstream.topology.CameraTrack.Onlooker;
import io.maskstream.topology.CameraTrack.Session;
import io.maskstream.topology.Releases.Chosen;
import io.maskstream.video.Decoder;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Result;
import io.maskstream.video.Result.Beside;
import io.maskstream.video.Result.Damaged;
import io.maskstream.video.Result.Decoded;
import io.maskstream.video.Result.Passed;
import io.maskstream.video.Result.Pending;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a task's decoders: access units in, answers that wait for their turn out. Whatever a
/// decoder does, every access unit it was given gets an answer. Not thread-safe.
final class Decoding {

  private static final Logger LOG = LoggerFactory.getLogger(Decoding.class);

  private final int partition;
  private final StreamParts parts;
  private final InFlight inFlight;
  private final Set<CameraTrack> answering;

  /// @param answering gets every camera that has an answer waiting
  Decoding(int partition, StreamParts parts, InFlight inFlight, Set<CameraTrack> answering) {
    this.partition = partition;
    this.parts = parts;
    this.inFlight = inFlight;
    this.answering = answering;
  }

  /// Opens a decoder for the session that begins with this access unit.
  void open(CameraTrack track, AccessUnit first, Session session) {
    track.open(opened(track, first), session);
    parts.observer().decoderOpened(track.cameraId);
  }

  /// Feeds one access unit.
  ///
  /// @param wanted whether it is to be answered, or others only refer to it
  void decode(CameraTrack track, AccessUnit unit, long offset, boolean wanted) {
    Decoder decoder = track.decoder();
    if (decoder == null) {
      throw new IllegalStateException("no decoder is open: camera=" + track.cameraId);
    }
    long start = System.nanoTime();
    try {
      queue(track, decoder.decode(unit, offset, wanted), start);
    } catch (RuntimeException e) {
      LOG.warn("the decoder failed: camera={} offset={}", track.cameraId, offset, e);
      giveUp(track, "the decoder failed: " + e.getMessage());
      Session session = new Session(unit.identity().sessionId(), unit.codec());
      track.closeDecoder();
      open(track, unit, session);
    }
  }

  /// Fetches all pictures out of the decoder, and closes it.
  void empty(CameraTrack track) {
    Decoder decoder = track.decoder();
    if (decoder == null) {
      return;
    }
    long start = System.nanoTime();
    try {
      queue(track, decoder.drain(), start);
    } catch (RuntimeException e) {
      LOG.warn("the decoder failed at its end: camera={}", track.cameraId, e);
    }
    giveUp(track, "the decoder made no picture of it");
    track.closeDecoder();
  }

  private Decoder opened(CameraTrack track, AccessUnit first) {
    try {
      return parts.decoders().open(new FrameGrid(track));
    } catch (RuntimeException e) {
      LOG.warn("no decoder: camera={} codec={}", first.identity().cameraId(), first.codec(), e);
      return new NoDecoder("no decoder could be opened: " + e.getMessage());
    }
  }

  /// Every access unit gets an answer, whatever the decoder forgets.
  private void giveUp(CameraTrack track, String why) {
    Collection<Fed> left = track.inDecoder.values();
    left.stream()
        .sorted(Comparator.comparingLong(Fed::offset))
        .forEach(fed -> answer(track, new Marked(fed, new Marker(Reason.UNDECODABLE, why))));
    track.inDecoder.clear();
    track.chosen.clear();
    track.forgetOnlookers();
  }

  private void queue(CameraTrack track, List<Result> results, long startNanos) {
    long pictures = Math.max(1, results.stream().filter(Decoded.class::isInstance).count());
    Duration decode = Duration.ofNanos((System.nanoTime() - startNanos) / pictures);
    for (Result result : results) {
      switch (result) {
        case Pending _ -> {}
        case Decoded(long ticket, Frame frame) -> {
          Fed fed = track.inDecoder.remove(ticket);
          if (fed == null) {
            frame.close();
            track.forgetOnlooker(ticket);
          } else {
            answer(track, submit(track, fed, frame, decode));
          }
        }
        case Beside(long ticket, Frame frame) -> track.converted(ticket, frame);
        case Passed(long ticket) ->
            mark(track, ticket, new Marker(Reason.SKIPPED, "the picture was not wanted"));
        case Damaged(long ticket, Marker marker) -> mark(track, ticket, marker);
      }
    }
  }

  private void mark(CameraTrack track, long ticket, Marker marker) {
    Fed fed = track.inDecoder.remove(ticket);
    track.chosen.remove(ticket);
    track.forgetOnlooker(ticket);
    if (fed != null) {
      answer(track, new Marked(fed, marker));
    }
  }

  private Submitted submit(CameraTrack track, Fed fed, Frame frame, Duration decode) {
    Size sourceSize = frame.sourceSize();
    Chosen asConverted = track.chosen.remove(fed.offset());
    Chosen release = asConverted == null ? choose(track, fed) : asConverted;
    Submitted submitted =
        new Submitted(
            fed, sourceSize, decode, release, inFlight.submit(release.segmenter(), frame));
    show(track, submitted);
    return submitted;
  }

  /// Lets the candidate look on that has asked for this picture.
  private void show(CameraTrack track, Submitted submitted) {
    Fed fed = submitted.of();
    Onlooker onlooker = track.onlookers.remove(fed.offset());
    if (onlooker == null || onlooker.frame() == null) {
      return;
    }
    Size size = submitted.sourceSize();
    onlooker
        .candidate()
        .show(
            fed.identity(),
            new Mask.Source(partition, fed.offset(), size.width(), size.height()),
            onlooker.frame(),
            submitted.release().segmenter()::classNames,
            submitted.classMap());
  }

  /// By the capture time, but never behind a release that has already made a mask of the camera:
  /// clocks jump back.
  private Chosen choose(CameraTrack track, Fed fed) {
    Instant captured = fed.identity().captureTime();
    Instant time = captured.isBefore(track.releaseSince) ? track.releaseSince : captured;
    Chosen chosen = parts.releases().at(track.cameraId, time);
    if (chosen.since().isAfter(track.releaseSince)) {
      track.releaseSince = chosen.since();
    }
    return chosen;
  }

  /// What a camera's pictures are scaled to: the size that the release of each wants, or, where the
  /// camera has a size of its own, what the release makes of that.
  private final class FrameGrid implements Grid {

    private final CameraTrack track;

    FrameGrid(CameraTrack track) {
      this.track = track;
    }

    @Override
    public Grid of(long ticket) {
      Fed fed = track.inDecoder.get(ticket);
      if (fed == null) {
        return this;
      }
      Chosen chosen = choose(track, fed);
      track.chosen.put(ticket, chosen);
      return upright -> fit(chosen, upright);
    }

    @Override
    public Optional<Grid> beside(long ticket) {
      Fed fed = track.inDecoder.get(ticket);
      if (fed == null) {
        return Optional.empty();
      }
      return parts
          .releases()
          .candidate(track.cameraId)
          .filter(candidate -> candidate.wants(fed.identity()))
          .map(candidate -> {
            track.onlookers.put(ticket, new Onlooker(candidate, null));
            return upright -> fit(candidate.grid(), upright);
          });
    }

    @Override
    public Size fit(Size upright) {
      return fit(parts.releases().at(track.cameraId, track.releaseSince), upright);
    }

    private Size fit(Chosen chosen, Size upright) {
      return fit(chosen.segmenter().grid(), upright);
    }

    private Size fit(Grid grid, Size upright) {
      Size own = parts.settings().cameraSizes().get(track.cameraId);
      return grid.fit(own == null ? upright : own);
    }
  }

  private void answer(CameraTrack track, Answer answer) {
    track.answers.add(answer);
    answering.add(track);
  }
}
