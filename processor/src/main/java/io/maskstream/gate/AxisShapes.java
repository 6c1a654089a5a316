package io.maskstream.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// Shapes of what cuts, joins, drops or reorders axes.
final class AxisShapes {

  private final NodeInputs in;

  AxisShapes(NodeInputs in) {
    this.in = in;
  }

  Known concat() {
    List<long[]> shapes = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    boolean follow = true;
    for (int i = 0; i < in.node().inputs().size(); i++) {
      if (in.shape(i).isEmpty()) {
        return Known.NOTHING;
      }
      shapes.add(in.shape(i).get());
      follow &= in.values(i).isPresent() && values.size() <= Known.MAX_VALUES;
      if (follow) {
        LongStream.of(in.values(i).orElseThrow()).forEach(values::add);
      }
    }
    if (shapes.isEmpty()) {
      return Known.NOTHING;
    }
    long[] made = shapes.getFirst().clone();
    int axis = NodeInputs.axis(in.node().integer("axis", 0), made.length);
    for (long[] other : shapes.subList(1, shapes.size())) {
      if (axis < 0 || other.length != made.length) {
        return Known.NOTHING;
      }
      made[axis] = Known.sum(made[axis], other[axis]);
    }
    Known concat = in.made(Optional.of(made));
    return follow ? concat.with(values.stream().mapToLong(Long::longValue).toArray()) : concat;
  }

  Known reshape() {
    Optional<long[]> from = in.shape(0);
    Optional<long[]> to = in.values(1);
    if (from.isEmpty() || to.isEmpty()) {
      return Known.NOTHING;
    }
    long[] made = to.get().clone();
    int open = -1;
    double rest = Known.of(1, from.get()).bytes();
    for (int i = 0; i < made.length; i++) {
      if (made[i] == 0 && in.node().integer("allowzero", 0) == 0) {
        made[i] = NodeInputs.side(from.get(), i);
      }
      if (made[i] == -1) {
        open = i;
      } else {
        rest /= made[i];
      }
    }
    if (open >= 0) {
      made[open] = Double.isFinite(rest) ? (long) rest : -1;
    }
    Known reshaped = in.made(Optional.of(made));
    return in.values(0).map(reshaped::with).orElse(reshaped);
  }

  Known flatten() {
    return in.made(
        in.shape(0)
            .map(sides -> {
              int axis = NodeInputs.clamped(in.node().integer("axis", 1), sides.length);
              long[] made = {1, 1};
              for (int i = 0; i < sides.length; i++) {
                made[i < axis ? 0 : 1] = Known.times(made[i < axis ? 0 : 1], sides[i]);
              }
              return made;
            }));
  }

  Known transpose() {
    return in.made(
        in.shape(0)
            .flatMap(sides -> {
              long[] made = new long[sides.length];
              Optional<long[]> order = in.node().integers("perm");
              for (int i = 0; i < made.length; i++) {
                int from =
                    order.isEmpty()
                        ? made.length - 1 - i
                        : NodeInputs.axis(NodeInputs.side(order.get(), i), made.length);
                if (from < 0) {
                  return Optional.empty();
                }
                made[i] = sides[from];
              }
              return Optional.of(made);
            }));
  }

  Known squeeze() {
    Optional<long[]> from = in.shape(0);
    if (from.isEmpty() || in.node().hasInput(1) && in.axes().isEmpty()) {
      return Known.NOTHING;
    }
    List<Long> made = new ArrayList<>();
    for (int i = 0; i < from.get().length; i++) {
      int place = i;
      boolean drop =
          in.axes().isEmpty()
              ? from.get()[i] == 1
              : LongStream.of(in.axes().get())
                  .anyMatch(axis -> NodeInputs.axis(axis, from.get().length) == place);
      if (!drop) {
        made.add(from.get()[i]);
      }
    }
    Known squeezed = in.made(Optional.of(made.stream().mapToLong(Long::longValue).toArray()));
    return in.values(0).map(squeezed::with).orElse(squeezed);
  }

  Known unsqueeze() {
    Optional<long[]> from = in.shape(0);
    Optional<long[]> axes = in.axes();
    if (from.isEmpty() || axes.isEmpty() || axes.get().length > Known.MAX_RANK) {
      return Known.NOTHING;
    }
    int rank = from.get().length + axes.get().length;
    List<Long> made = new ArrayList<>(Collections.nCopies(rank, -1L));
    for (long axis : axes.get()) {
      if (NodeInputs.axis(axis, rank) < 0) {
        return Known.NOTHING;
      }
      made.set(NodeInputs.axis(axis, rank), 1L);
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (made.get(i) < 0 && next < from.get().length) {
        made.set(i, from.get()[next++]);
      }
    }
    Known widened = in.made(Optional.of(made.stream().mapToLong(Long::longValue).toArray()));
    return in.values(0).map(widened::with).orElse(widened);
  }

  Known slice() {
    Optional<long[]> from = in.shape(0);
    Optional<long[]> starts = in.values(1);
    Optional<long[]> ends = in.values(2);
    if (from.isEmpty()
        || starts.isEmpty()
        || ends.isEmpty()
        || in.node().hasInput(3) && in.values(3).isEmpty()
        || in.node().hasInput(4) && in.values(4).isEmpty()) {
      return Known.NOTHING;
    }
    long[] made = from.get().clone();
    Known sliced = Known.NOTHING;
    for (int i = 0; i < starts.get().length; i++) {
      long[] axes = in.values(3).orElse(new long[0]);
      int axis = NodeInputs.axis(i < axes.length ? axes[i] : i, made.length);
      long step = in.values(4).filter(steps -> steps.length > 0).map(steps -> steps[0]).orElse(1L);
      if (axis < 0 || step != 1 || i >= ends.get().length || made[axis] > Integer.MAX_VALUE) {
        return Known.NOTHING;
      }
      int begin = NodeInputs.clamped(starts.get()[i], (int) made[axis]);
      int end = Math.max(begin, NodeInputs.clamped(ends.get()[i], (int) made[axis]));
      if (in.values(0).isPresent() && made.length == 1 && end <= in.values(0).get().length) {
        sliced =
            Known.of(in.get(0).width(), end - begin)
                .with(Arrays.copyOfRange(in.values(0).get(), begin, end));
      }
      made[axis] = end - begin;
    }
    return sliced.values().isPresent() ? sliced : in.made(Optional.of(made));
  }

  Known gather() {
    Optional<long[]> from = in.shape(0);
    Optional<long[]> index = in.shape(1);
    if (from.isEmpty() || index.isEmpty()) {
      return Known.NOTHING;
    }
    int axis = NodeInputs.axis(in.node().integer("axis", 0), from.get().length);
    if (axis < 0) {
      return Known.NOTHING;
    }
    long[] made =
        LongStream.concat(
                LongStream.concat(Arrays.stream(from.get(), 0, axis), Arrays.stream(index.get())),
                Arrays.stream(from.get(), axis + 1, from.get().length))
            .toArray();
    Known gathered = in.made(Optional.of(made));
    if (in.values(0).isEmpty() || in.values(1).isEmpty() || from.get().length != 1) {
      return gathered;
    }
    long[] table = in.values(0).get();
    long[] taken = new long[in.values(1).get().length];
    for (int i = 0; i < taken.length; i++) {
      int place = NodeInputs.axis(in.values(1).get()[i], table.length);
      if (place < 0) {
        return gathered;
      }
      taken[i] = table[place];
    }
    return gathered.with(taken);
  }

  Known pad() {
    Optional<long[]> pads = in.node().integers("pads").or(() -> in.values(1));
    return in.made(
        in.shape(0)
            .filter(sides ->
                !in.node().hasInput(3) && pads.isPresent() && pads.get().length == 2 * sides.length)
            .map(sides -> {
              long[] made = sides.clone();
              for (int i = 0; i < made.length; i++) {
                long[] at = pads.orElseThrow();
                made[i] = Known.sum(made[i], Known.sum(at[i], at[i + made.length]));
              }
              return made;
            }));
  }

  Known blocks(boolean toSpace) {
    long block = Math.clamp(in.node().integer("blocksize", 1), 1, 1 << 15);
    return in.made(
        in.shape(0)
            .filter(sides -> sides.length == 4)
            .map(sides ->
                toSpace
                    ? new long[] {
                      sides[0],
                      sides[1] / (block * block),
                      Known.times(sides[2], block),
                      Known.times(sides[3], block)
                    }
                    : new long[] {
                      sides[0],
                      Known.times(sides[1], block * block),
                      sides[2] / block,
                      sides[3] / block
                    }));
  }

  Known reduce() {
    if (in.node().hasInput(1) && in.values(1).isEmpty()) {
      return Known.NOTHING;
    }
    List<Long> axes = new ArrayList<>();
    in.axes().ifPresent(given -> LongStream.of(given).forEach(axes::add));
    return reduce(axes, in.get(0).width());
  }

  /// @param axes all, if empty
  Known reduce(List<Long> axes, int width) {
    boolean keep = in.node().integer("keepdims", 1) != 0;
    return in.made(
            in.shape(0)
                .map(sides -> {
                  List<Long> made = new ArrayList<>();
                  for (int i = 0; i < sides.length; i++) {
                    int place = i;
                    boolean reduced =
                        axes.isEmpty()
                            || axes.stream()
                                .anyMatch(axis -> NodeInputs.axis(axis, sides.length) == place);
                    if (!reduced) {
                      made.add(sides[i]);
                    } else if (keep) {
                      made.add(1L);
                    }
                  }
                  return made.stream().mapToLong(Long::longValue).toArray();
                }))
        .wide(width);
  }

  List<Known> split() {
    Optional<long[]> from = in.shape(0);
    int count = in.node().outputs().size();
    if (from.isEmpty() || in.node().hasInput(1) && in.values(1).isEmpty()) {
      return List.of();
    }
    int axis = NodeInputs.axis(in.node().integer("axis", 0), from.get().length);
    Optional<long[]> parts = in.values(1);
    if (axis < 0 || parts.isPresent() && parts.get().length != count) {
      return List.of();
    }
    List<Known> made = new ArrayList<>();
    long share = -Math.floorDiv(-from.get()[axis], (long) count);
    for (int i = 0; i < count; i++) {
      long[] part = from.get().clone();
      part[axis] =
          parts.isPresent() ? parts.get()[i] : Math.clamp(from.get()[axis] - share * i, 0, share);
      made.add(Known.of(in.get(0).width(), part));
    }
    return made;
  }
}
