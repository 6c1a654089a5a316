package io.maskstream.video;

import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.avutil.AVFrame.AV_FRAME_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;

import io.maskstream.video.Result.Beside;
import io.maskstream.video.Result.Damaged;
import io.maskstream.video.Result.Decoded;
import io.maskstream.video.Result.Passed;
import io.maskstream.video.Result.Pending;
import io.maskstream.video.Unanswered.Fed;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/// The rules of [Decoder] around FFmpeg: which access unit is answered when, and by what.
///
/// Results are a function of the access units since the keyframe at which decoding began, and their
/// order is that of the pictures, not of the decoder's delay. So a decoder begun anew at a keyframe
/// gives, after that keyframe's own picture, what an older one gives; the topology rebuilds
/// decoders on the strength of this.
///
/// - After damage the rest of the GOP is dropped, up to the next keyframe: what refers to a broken
///   picture is broken, and a mask of smeared pixels looks like any other. Only the damage of a
///   picture that none refers to stays its own. Pictures that FFmpeg patched up count as damaged;
///   as that shows only when they come out, behind B-pictures that refer to them, FFmpeg is asked
///   to refuse instead wherever it then takes sound streams (see `strict`). Damage that a codec
///   cannot see stays unseen: VP8, VP9 and H.265 decode most bytes to something.
/// - A gap in the sequence, a refused access unit and a change of codec end the GOP too.
/// - Access units that never yield a picture (the second field of a pair, hidden frames, leading
///   pictures of the first open GOP) are given up when a younger keyframe's picture comes out, or
///   one that was fed [#REORDER_SPAN] later, and at once where the codec does not reorder.
final class FfmpegDecoder implements Decoder {

  /// More than a picture waits for those presented before it: 16 pictures of two fields each may
  /// wait (H.264 A.3.1), and as many again pass by.
  static final int REORDER_SPAN = 64;

  private final Limits limits;
  private final Grid grid;
  private final PictureTap tap;
  private final FrameConverter converter;

  /// For releases that look on; each converter keeps the scaler of one size.
  private final FrameConverter beside;

  private final Unanswered unanswered = new Unanswered();

  /// Null while waiting for a keyframe.
  private @Nullable FfmpegSession session;

  private FrameNumbers frameNumbers = new FrameNumbers();
  private String waitingSince = "nothing was decoded yet";
  private @Nullable Identity last;
  private long lastTicket = Long.MIN_VALUE;
  private long fedCount;

  /// Number of the keyframe at which the session began.
  private long start;

  /// Number of the latest keyframe, and of the one before it.
  private long gop;

  private long gopBefore;

  /// Presentation timestamp of the latest keyframe, in the stream's time base.
  private long gopPts;

  /// Whether the pictures right after the latest keyframe may still precede it in presentation.
  private boolean leadingRun;

  /// Whether the picture of that keyframe has come out.
  private boolean startShown;

  /// Whether the session has seen a keyframe behind which nothing refers.
  private boolean refreshed;

  /// From this number to the end of its GOP pictures refer to a broken one; 0 is none.
  private long brokenFrom;

  private long brokenGop;
  private String breakage = "";
  private boolean closed;

  FfmpegDecoder(Limits limits, Grid grid, FramePool pool, PictureTap tap) {
    this.limits = limits;
    this.grid = grid;
    this.tap = tap;
    this.converter = new FrameConverter(pool);
    this.beside = new FrameConverter(pool);
  }

  @Override
  public List<Result> decode(AccessUnit unit, long ticket, boolean wanted) {
    if (unit.endOfSession()) {
      throw new IllegalArgumentException(
          "the end of a session carries no picture, call drain(): camera="
              + unit.identity().cameraId());
    }
    if (ticket <= lastTicket) {
      throw new IllegalArgumentException(
          "tickets must rise: ticket=" + ticket + " last=" + lastTicket);
    }
    lastTicket = ticket;
    return answer(results -> decode(unit, ticket, wanted, results));
  }

  @Override
  public List<Result> drain() {
    return answer(results -> finish("the session ended", results));
  }

  private interface Work {
    void run(List<Result> results);
  }

  /// Whatever goes wrong on the way, nobody owns the frames made so far, nor the native decoder.
  private List<Result> answer(Work work) {
    if (closed) {
      throw new IllegalStateException("decoder is closed");
    }
    List<Result> results = new ArrayList<>();
    boolean done = false;
    try {
      work.run(results);
      done = true;
      return results;
    } finally {
      if (!done) {
        for (Result result : results) {
          if (result instanceof Decoded decoded) {
            decoded.frame().close();
          }
        }
        close();
      }
    }
  }

  private void decode(AccessUnit unit, long ticket, boolean wanted, List<Result> results) {
    Codec codec = unit.codec();
    boolean follows = follows(unit.identity());
    last = unit.identity();
    if (!limits.codecs().contains(codec)) {
      finish("codec " + codec + " came in between", results);
      damaged(ticket, Reason.CODEC_NOT_ALLOWED, "codec " + codec + " is not allowed", results);
      return;
    }
    int bytes = unit.data().remaining();
    UnitHeader header = UnitHeader.read(codec, unit.data());
    Size size = header.size();
    if (bytes > limits.maxAccessUnitBytes() || size != null && size.pixels() > limits.maxPixels()) {
      String excess =
          bytes > limits.maxAccessUnitBytes()
              ? bytes + " bytes, allowed are " + limits.maxAccessUnitBytes()
              : "picture of " + size + ", allowed are " + limits.maxPixels() + " pixels";
      finish("an access unit was too large", results);
      damaged(ticket, Reason.TOO_LARGE, excess, results);
      return;
    }
    if (session != null && session.codec() != codec) {
      finish("the codec changed from " + session.codec() + " to " + codec, results);
    } else if (codec == Codec.H264 && frameNumbers.lostBefore(unit.data())) {
      finish("frame_num skips before sequence " + unit.identity().sequence(), results);
    } else if (!follows && !intraOnly(codec)) {
      finish(
          "access units before sequence " + unit.identity().sequence() + " are missing", results);
    }
    boolean keyframe = (unit.keyframe() || intraOnly(codec)) && header.picture();
    if (session == null && !keyframe) {
      damaged(ticket, Reason.WAITING_FOR_KEYFRAME, "no keyframe since " + waitingSince, results);
      return;
    }
    if (codec == Codec.MJPEG && !UnitHeader.jpegEnds(unit.data())) {
      damaged(ticket, Reason.UNDECODABLE, "the JPEG has no end: it was cut off", results);
      return;
    }
    feed(unit, ticket, wanted, keyframe, header, results);
  }

  private boolean follows(Identity next) {
    return last == null
        || last.sessionId().equals(next.sessionId()) && last.sequence() + 1 == next.sequence();
  }

  private void feed(
      AccessUnit unit,
      long ticket,
      boolean wanted,
      boolean keyframe,
      UnitHeader header,
      List<Result> results) {
    FfmpegSession decoding = session;
    if (decoding == null) {
      decoding = new FfmpegSession(unit.codec(), limits.maxPixels());
      session = decoding;
      start = fedCount + 1;
      gop = 0;
      startShown = false;
      refreshed = false;
      frameNumbers = new FrameNumbers();
      frameNumbers.lostBefore(unit.data());
      brokenFrom = 0;
    }
    if (header.reorderDepth() > 0) {
      decoding.reorderDepth(header.reorderDepth());
    }
    long number = ++fedCount;
    if (keyframe) {
      gopBefore = gop;
      gop = number;
      leadingRun = true;
      gopPts = unit.identity().pts();
    } else {
      leadingRun &= header.leading() || unit.identity().pts() < gopPts;
    }
    Fed fed =
        new Fed(
            number,
            ticket,
            PictureHints.of(unit),
            wanted,
            gop,
            gopBefore,
            !keyframe && leadingRun,
            header.disposable());
    unanswered.add(fed);

    boolean missingReferences = fed.leading() && fed.gop() == start;
    refreshed |= header.refreshes();
    boolean strict =
        switch (unit.codec()) {
          case HEVC, MPEG4, MPEG2 -> !missingReferences;
          case H264 -> refreshed && header.prefixBytes() == 0;
          case MJPEG, PNG -> true;
          case VP8, VP9, AV1 -> false;
        };
    ByteBuffer data = unit.data();
    if (unit.codec() == Codec.HEVC && header.prefixBytes() > 0) {
      int prefix = header.prefixBytes();
      decoding.decode(
          data.slice(0, prefix), 0, false, (picture, of) -> picture(picture, of, results));
      data = data.slice(prefix, data.limit() - prefix);
    }
    String complaint =
        decoding.decode(data, number, strict, (picture, of) -> picture(picture, of, results));
    if (complaint != null) {
      boolean answered = unanswered.take(number) == null;
      boolean harmless = fed.disposable() || missingReferences || !header.picture();
      if (!harmless) {
        finish("sequence " + unit.identity().sequence() + " was damaged", results);
      }
      if (!answered) {
        damaged(ticket, Reason.UNDECODABLE, complaint, results);
      }
    } else if (brokenFrom > 0 && brokenGop == gop) {
      finish(breakage, results);
    }
    if (unanswered.holds(fed)) {
      boolean never =
          !reorders(unit.codec()) || !header.picture() || missingReferences && startShown;
      if (never) {
        unanswered.take(number);
        giveUp(List.of(fed), results);
      } else {
        results.add(new Pending(ticket));
      }
    }
    giveUp(unanswered.takeBefore(number - 2 * REORDER_SPAN, old -> true), results);
  }

  /// A picture came out of FFmpeg.
  private void picture(AVFrame picture, long number, List<Result> results) {
    Fed fed = unanswered.take(number);
    if (fed == null) {
      return; // a second picture of one access unit, or one given up: never two answers
    }
    if (fed.keyframe()) {
      giveUp(unanswered.takeBefore(number, old -> true), results);
      if (number == start) {
        startShown = true;
        giveUp(
            unanswered.takeBefore(Long.MAX_VALUE, late -> late.leading() && late.gop() == start),
            results);
      }
    } else {
      giveUp(unanswered.takeBefore(number - REORDER_SPAN, old -> true), results);
    }
    String defect = defect(picture, fed);
    if (defect != null) {
      damaged(fed.ticket(), Reason.UNDECODABLE, defect, results);
      return;
    }
    tap.see(fed.ticket(), picture);
    if (!fed.wanted()) {
      results.add(new Passed(fed.ticket()));
      return;
    }
    try {
      Grid own = grid.of(fed.ticket());
      Optional<Grid> other = grid.beside(fed.ticket());
      if (other.isPresent()) {
        results.add(new Beside(fed.ticket(), beside.convert(picture, fed.hints(), other.get())));
      }
      results.add(new Decoded(fed.ticket(), converter.convert(picture, fed.hints(), own)));
    } catch (UnsupportedPictureException unsupported) {
      damaged(fed.ticket(), Reason.UNDECODABLE, String.valueOf(unsupported.getMessage()), results);
    }
  }

  /// What makes the picture unfit for a mask, if anything.
  private @Nullable String defect(AVFrame picture, Fed fed) {
    if (brokenFrom > 0) {
      boolean sameGop = fed.gop() == brokenGop && fed.number() > brokenFrom;
      boolean refersBehind = fed.leading() && fed.gopBefore() == brokenGop;
      if (sameGop || refersBehind) {
        return "it refers to a damaged picture: " + breakage;
      }
    }
    boolean patched =
        (picture.flags() & AV_FRAME_FLAG_CORRUPT) != 0 || picture.decode_error_flags() != 0;
    boolean noKeyframe =
        fed.number() == start
            && (picture.flags() & AV_FRAME_FLAG_KEY) == 0
            && picture.pict_type() != AV_PICTURE_TYPE_I;
    if (!patched && !noKeyframe) {
      return null;
    }
    String defect =
        noKeyframe
            ? "it is flagged as a keyframe, but refers to other pictures"
            : "parts of the picture are missing";
    if (!fed.disposable()) {
      brokenFrom = fed.number();
      brokenGop = fed.gop();
      breakage = "sequence " + fed.hints().sequence() + " was damaged";
    }
    return defect;
  }

  /// Ends the decoding session: what FFmpeg held back comes out, the rest has no picture.
  private void finish(String why, List<Result> results) {
    FfmpegSession ending = session;
    if (ending == null) {
      return;
    }
    session = null;
    waitingSince = why;
    try (ending) {
      ending.drain((picture, of) -> picture(picture, of, results));
    }
    giveUp(unanswered.takeBefore(Long.MAX_VALUE, old -> true), results);
  }

  private static void giveUp(List<Fed> old, List<Result> results) {
    for (Fed fed : old) {
      damaged(
          fed.ticket(),
          Reason.UNDECODABLE,
          "no picture came of it: a second field, a hidden frame, or one whose references are missing",
          results);
    }
  }

  private static void damaged(long ticket, Reason reason, String detail, List<Result> results) {
    results.add(new Damaged(ticket, new Marker(reason, detail)));
  }

  private static boolean intraOnly(Codec codec) {
    return switch (codec) {
      case MJPEG, PNG -> true;
      case H264, HEVC, VP8, VP9, AV1, MPEG4, MPEG2 -> false;
    };
  }

  /// Whether pictures may come out later than they went in.
  private static boolean reorders(Codec codec) {
    return switch (codec) {
      case H264, HEVC, MPEG4, MPEG2 -> true;
      case MJPEG, PNG, VP8, VP9, AV1 -> false;
    };
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      FfmpegSession ending = session;
      session = null;
      try (converter;
          beside) {
        if (ending != null) {
          ending.close();
        }
      }
    }
  }
}
