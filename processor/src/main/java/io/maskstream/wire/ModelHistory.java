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
/// @param shadow the candidate that runs beside them; null if there is none
public record ModelHistory(
    String scope, List<Assignment> assignments, boolean shortened, @Nullable Shadow shadow) {

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
  /// @param withdrawn whether the release is taken away: the scope then assigns nothing, and what a
  ///   wider scope assigns holds
  /// @param note one sentence where a processor has assigned by itself: why
  public record Assignment(
      long number,
      Release release,
      String uri,
      FrameSize frameSize,
      Instant assignedAt,
      @Nullable Instant effectiveFrom,
      boolean withdrawn,
      String note) {

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
      return new Assignment(
          number, release, uri, frameSize, assignedAt, captureTime, withdrawn, note);
    }

    private boolean gives(Assignment other) {
      return withdrawn == other.withdrawn && release.equals(other.release);
    }
  }

  /// A candidate that runs on a share of the frames, and whose masks are only looked at.
  ///
  /// @param number counts with the assignments
  /// @param share of the frames that it is shown, above 0 to 1
  /// @param rejection why a processor has rejected it; empty while it runs
  public record Shadow(
      long number,
      Release release,
      String uri,
      FrameSize frameSize,
      Instant assignedAt,
      double share,
      String rejection) {

    public Shadow {
      Fields.requireTime("assigned_at", assignedAt);
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("share is not above 0 to 1: " + share);
      }
    }

    public boolean rejected() {
      return !rejection.isEmpty();
    }

    /// The candidate as if it were being prepared to serve.
    public Assignment toAssignment() {
      return new Assignment(number, release, uri, frameSize, assignedAt, null, false, "");
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
    return new ModelHistory(scope, List.of(), false, null);
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

  /// The newest that gives something else than the newest does: what a rollback goes back to. Empty
  /// where the scope assigned nothing before.
  public Optional<Assignment> before() {
    return newest()
        .flatMap(newest ->
            confirmed().reversed().stream().filter(each -> !each.gives(newest)).findFirst());
  }

  /// With one more assignment, only prepared, in place of one that was.
  public ModelHistory prepare(Release release, String uri, FrameSize frameSize, Instant now) {
    return prepare(new Assignment(next(), release, uri, frameSize, now, null, false, ""));
  }

  /// With another's release prepared once more.
  ///
  /// @param note why, where nobody asked for it
  public ModelHistory prepareAgain(Assignment before, Instant now, String note) {
    return prepare(
        new Assignment(
            next(),
            before.release(),
            before.uri(),
            before.frameSize(),
            now,
            null,
            before.withdrawn(),
            note));
  }

  /// With the newest release about to be taken away.
  ///
  /// @throws IllegalStateException if the scope assigns nothing
  public ModelHistory prepareWithdrawal(Instant now, String note) {
    Assignment newest =
        newest()
            .filter(assignment -> !assignment.withdrawn())
            .orElseThrow(() -> new IllegalStateException("nothing is assigned: " + scope));
    return prepare(
        new Assignment(
            next(), newest.release(), newest.uri(), newest.frameSize(), now, null, true, note));
  }

  private ModelHistory prepare(Assignment assignment) {
    List<Assignment> all = new ArrayList<>(confirmed());
    all.add(assignment);
    return new ModelHistory(scope, all, shortened, shadow);
  }

  private long next() {
    long newest = last().map(Assignment::number).orElse(0L);
    return Math.max(newest, shadow == null ? 0 : shadow.number()) + 1;
  }

  /// The candidate, rejected or not.
  public Optional<Shadow> candidate() {
    return Optional.ofNullable(shadow);
  }

  /// With a candidate beside, in place of one that was.
  public ModelHistory withShadow(
      Release release, String uri, FrameSize frameSize, Instant now, double share) {
    return with(new Shadow(next(), release, uri, frameSize, now, share, ""));
  }

  /// With the candidate rejected.
  ///
  /// @throws IllegalStateException if there is none
  public ModelHistory rejectShadow(String rejection) {
    Shadow now = shadow;
    if (now == null) {
      throw new IllegalStateException("no candidate runs: " + scope);
    }
    return with(
        new Shadow(
            now.number(),
            now.release(),
            now.uri(),
            now.frameSize(),
            now.assignedAt(),
            now.share(),
            rejection));
  }

  /// Without a candidate.
  public ModelHistory withoutShadow() {
    return with(null);
  }

  private ModelHistory with(@Nullable Shadow candidate) {
    return new ModelHistory(scope, assignments, shortened, candidate);
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
    // A candidate that is in force is one no more.
    Shadow left = shadow != null && shadow.release().equals(prepared.release()) ? null : shadow;
    return new ModelHistory(scope, all.subList(first, all.size()), shortened || first > 0, left);
  }

  private static boolean isOver(Assignment next, Instant time) {
    return next.effectiveFrom() != null && next.effectiveFrom().isBefore(time);
  }

  /// Without what is prepared.
  public ModelHistory cancel() {
    return new ModelHistory(scope, confirmed(), shortened, shadow);
  }

  private Optional<Assignment> last() {
    return assignments.isEmpty() ? Optional.empty() : Optional.of(assignments.getLast());
  }

  private List<Assignment> confirmed() {
    boolean preparing = !assignments.isEmpty() && assignments.getLast().effectiveFrom() == null;
    return preparing ? assignments.subList(0, assignments.size() - 1) : assignments;
  }
}
