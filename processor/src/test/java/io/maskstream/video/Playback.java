package io.maskstream.video;

import static org.bytedeco.ffmpeg.global.avutil.av_image_copy_to_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_image_get_buffer_size;

import io.maskstream.video.Result.Beside;
import io.maskstream.video.Result.Damaged;
import io.maskstream.video.Result.Decoded;
import io.maskstream.video.Result.Passed;
import io.maskstream.video.Result.Pending;
import io.maskstream.wire.AccessUnit;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/// Runs access units through a decoder and remembers what came of each; the ticket of an access
/// unit is its place in the list.
final class Playback {

  /// What became of a ticket: "decoded", "passed", or the reason for damage.
  ///
  /// @param rgb MD5 of the frame's pixels, or the damage's detail
  record Answer(long ticket, String kind, String rgb) {}

  static final Grid SAME = upright -> upright;

  final List<Answer> answers = new ArrayList<>();
  final Map<Long, Integer> answersPerTicket = new TreeMap<>();

  /// Ticket to size and MD5 of the native picture, as in framemd5.
  final Map<Long, String> nativePictures = new HashMap<>();

  int longestDelay;

  static Playback of(List<AccessUnit> units) {
    return of(units, SAME, 0, ticket -> true);
  }

  static Playback of(List<AccessUnit> units, Grid grid, int from, LongPredicate wanted) {
    Playback playback = new Playback();
    FramePool pool = new FramePool();
    try (FfmpegDecoder decoder = new FfmpegDecoder(Limits.STANDARD, grid, pool, playback::see)) {
      for (int ticket = from; ticket < units.size(); ticket++) {
        playback.note(decoder.decode(units.get(ticket), ticket, wanted.test(ticket)));
        int open = ticket + 1 - from - playback.answers.size();
        playback.longestDelay = Math.max(playback.longestDelay, open);
      }
      playback.note(decoder.drain());
    }
    return playback;
  }

  void note(List<Result> results) {
    for (Result result : results) {
      switch (result) {
        case Decoded(long ticket, Frame frame) -> {
          answer(new Answer(ticket, "decoded", md5(frame.rgb())));
          frame.close();
        }
        case Passed(long ticket) -> answer(new Answer(ticket, "passed", ""));
        case Damaged(long ticket, var marker) ->
            answer(new Answer(ticket, marker.reason().name(), marker.detail()));
        case Beside(_, Frame frame) -> frame.close();
        case Pending _ -> {}
      }
    }
  }

  private void answer(Answer answer) {
    answers.add(answer);
    answersPerTicket.merge(answer.ticket(), 1, Integer::sum);
  }

  List<String> nativePicturesInOrder() {
    return answers.stream()
        .filter(answer -> Set.of("decoded", "passed").contains(answer.kind()))
        .map(answer -> nativePictures.get(answer.ticket()))
        .toList();
  }

  List<Answer> ofKind(String kind) {
    return answers.stream().filter(answer -> answer.kind().equals(kind)).toList();
  }

  private void see(long ticket, AVFrame picture) {
    int bytes = av_image_get_buffer_size(picture.format(), picture.width(), picture.height(), 1);
    try (BytePointer packed = new BytePointer(bytes)) {
      av_image_copy_to_buffer(
          packed,
          bytes,
          picture.data(),
          picture.linesize(),
          picture.format(),
          picture.width(),
          picture.height(),
          1);
      nativePictures.put(ticket, bytes + " " + md5(packed.asByteBuffer()));
    }
  }

  static String md5(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(bytes.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
