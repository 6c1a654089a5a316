package io.maskstream.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The assignments of one scope. The release of a frame is a function of these and its capture
/// time, so whoever answers the frame, and when, makes no difference.
///
/// @param scope [#ALL], `group/NAME` or `camera/ID`
/// @param assignments the oldest first; numbers and capture times rise, and at most the last is
///   only being prepared
/// @param shortened whether older ones were left out; the first one then holds for every earlier
///   capture time
public record ModelHistory(String scope, List<Assignment> assignments, boolean shortened) {

  public static final String ALL = "all";

  /// Before every capture time.
  public static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  /// Assignments that are always kept.
  private static final int KEPT = 32;

  /// Those younger than this are kept beside them: longer than frames are, by the usual retention.
  private static final Duration KEPT_FOR = Duration.ofHours(2);

  /// Never more, whatever their age: a record stays below 512 KiB.
  private static final int MOST = 2000;

  /// One release, from one capture time on.
  ///
  /// @param number counts the assignments of the scope, from 1
  /// @param uri where the .onnx file lies
  /// @param effectiveFrom the first capture time that it answers; null while it is being prepared
  public record Assignment(
      long number,
      Release release,
      String uri,
      FrameSize frameSize,
      Instant assignedAt,
      @Nullable Instant effectiveFrom) {

    public Assignment {
      if (number < 1) {
        throw new IllegalArgumentException("number is not positive: " + number);
      }
      if (uri.isBlank()) {
        throw new IllegalArgumentException("uri is empty: release=" + release);
      }
      Fields.requireTime("assigned_at", assignedAt);
      if (effectiveFrom != null) {
        Fields.requireTime("effective_from", effectiveFrom);
      }
    }

    private Assignment from(Instant captureTime) {
      return new Assignment(number, release, uri, frameSize, assignedAt, captureTime);
    }
  }

  /// The frames that a release takes.
  ///
  /// @param width of frames of one size; 0 where the size is free
  /// @param height alike
  /// @param multiple divides both sides of a free size
  /// @param maxPixels of a free size
  public record FrameSize(int width, int height, int multiple, long maxPixels) {

    public FrameSize {
      boolean fixed = width > 0 && height > 0;
      boolean free =
          width == 0 && height == 0 && multiple > 0 && maxPixels >= (long) multiple * multiple;
      if (!fixed && !free) {
        throw new IllegalArgumentException(
            "frame size is neither fixed nor free: width="
                + width
                + " height="
                + height
                + " multiple="
                + multiple
                + " max_pixel_count="
                + maxPixels);
      }
    }
  }

  public ModelHistory {
    assignments = List.copyOf(assignments);
    requireScope(scope);
    for (int i = 1; i < assignments.size(); i++) {
      Assignment before = assignments.get(i - 1);
      Assignment next = assignments.get(i);
      Instant from = before.effectiveFrom();
      if (next.number() <= before.number()
          || from == null
          || next.effectiveFrom() != null && !next.effectiveFrom().isAfter(from)) {
        throw new IllegalArgumentException(
            "assignments do not rise: scope="
                + scope
                + " number="
                + next.number()
                + " after="
                + before.number());
      }
    }
  }

  public static ModelHistory empty(String scope) {
    return new ModelHistory(scope, List.of(), false);
  }

  public static String ofCamera(String cameraId) {
    return "camera/" + cameraId;
  }

  public static String ofGroup(String group) {
    return "group/" + group;
  }

  private static void requireScope(String scope) {
    int slash = scope.indexOf('/');
    boolean named = scope.startsWith("group/") || scope.startsWith("camera/");
    if (!scope.equals(ALL) && !named) {
      throw new IllegalArgumentException("scope is not all, group/NAME or camera/ID: " + scope);
    }
    Fields.requireId("scope", scope.substring(slash + 1));
  }

  /// Reads the value of a record of the models topic.
  ///
  /// @throws WireException if it is none
  public static ModelHistory parse(byte @Nullable [] value) {
    return ModelMessages.parseHistory(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return ModelMessages.toMessage(this).toByteArray();
  }

  /// What holds at a capture time; null if nothing does.
  public @Nullable Assignment at(Instant captureTime) {
    for (int i = assignments.size() - 1; i >= 0; i--) {
      Assignment each = assignments.get(i);
      Instant from = each.effectiveFrom();
      if (from != null && (!from.isAfter(captureTime) || i == 0 && shortened)) {
        return each;
      }
    }
    return null;
  }

  /// What is being prepared.
  public Optional<Assignment> prepared() {
    return last().filter(assignment -> assignment.effectiveFrom() == null);
  }

  /// The newest that has a capture time, which may lie ahead.
  public Optional<Assignment> newest() {
    List<Assignment> all = confirmed();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /// The newest of another release than the newest's: what a rollback goes back to.
  public Optional<Assignment> before() {
    return newest()
        .flatMap(newest ->
            confirmed().reversed().stream()
                .filter(each -> !each.release().equals(newest.release()))
                .findFirst());
  }

  /// With one more assignment, only prepared, in place of one that was.
  public ModelHistory prepare(Release release, String uri, FrameSize frameSize, Instant now) {
    long number = last().map(Assignment::number).orElse(0L) + 1;
    List<Assignment> all = new ArrayList<>(confirmed());
    all.add(new Assignment(number, release, uri, frameSize, now, null));
    return new ModelHistory(scope, all, shortened);
  }

  /// With what is prepared in force, no earlier than wanted, and after all others; older ones that
  /// no kept frame can need are left out.
  ///
  /// @throws IllegalStateException if nothing is prepared
  public ModelHistory confirm(Instant wanted) {
    Assignment prepared =
        prepared().orElseThrow(() -> new IllegalStateException("nothing is prepared: " + scope));
    Instant from =
        newest()
            .flatMap(newest -> Optional.ofNullable(newest.effectiveFrom()))
            .filter(last -> !last.isBefore(wanted))
            .map(last -> last.plusMillis(1))
            .orElse(wanted);
    List<Assignment> all = new ArrayList<>(confirmed());
    all.add(prepared.from(from));
    int first = 0;
    while (all.size() - first > MOST
        || all.size() - first > KEPT && isOver(all.get(first + 1), wanted.minus(KEPT_FOR))) {
      first++;
    }
    return new ModelHistory(scope, all.subList(first, all.size()), shortened || first > 0);
  }

  private static boolean isOver(Assignment next, Instant time) {
    return next.effectiveFrom() != null && next.effectiveFrom().isBefore(time);
  }

  /// Without what is prepared.
  public ModelHistory cancel() {
    return new ModelHistory(scope, confirmed(), shortened);
  }

  private Optional<Assignment> last() {
    return assignments.isEmpty() ? Optional.empty() : Optional.of(assignments.getLast());
  }

  private List<Assignment> confirmed() {
    boolean preparing = !assignments.isEmpty() && assignments.getLast().effectiveFrom() == null;
    return preparing ? assignments.subList(0, assignments.size() - 1) : assignments;
  }
}
