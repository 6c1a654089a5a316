package io.maskstream.gate;

import java.util.Arrays;
import java.util.Optional;

/// Shapes of what slides a window over a picture, or scales it.
final class WindowShapes {

  private final NodeInputs in;

  WindowShapes(NodeInputs in) {
    this.in = in;
  }

  Known conv() {
    Known made = pool(in.shape(1).map(weights -> weights.length > 0 ? weights[0] : 1));
    return in.node().operator().equals("Conv") ? made : made.wide(4);
  }

  /// @param channels that it makes
  Known pool(Optional<Long> channels) {
    Optional<long[]> from = in.shape(0);
    int weights = in.node().operator().equals("QLinearConv") ? 3 : 1;
    Optional<long[]> kernel =
        in.node()
            .integers("kernel_shape")
            .or(() ->
                in.shape(weights)
                    .filter(shape -> shape.length > 2)
                    .map(shape -> Arrays.copyOfRange(shape, 2, shape.length)));
    if (from.isEmpty() || kernel.isEmpty() || channels.isEmpty() || from.get().length < 3) {
      return Known.NOTHING;
    }
    int axes = from.get().length - 2;
    long[] made = from.get().clone();
    made[1] =
        in.node().operator().equals("QLinearConv")
            ? in.shape(3).map(shape -> shape[0]).orElse(channels.get())
            : channels.get();
    String autoPad = in.node().text("auto_pad", "NOTSET");
    boolean ceil = in.node().integer("ceil_mode", 0) != 0;
    for (int i = 0; i < axes; i++) {
      long stride = Math.max(1, each("strides", i, 1));
      long reach = Known.times(each("dilations", i, 1), NodeInputs.side(kernel.get(), i) - 1) + 1;
      long room =
          autoPad.startsWith("SAME")
              ? 0
              : made[i + 2] + each("pads", i, 0) + each("pads", i + axes, 0) - reach;
      made[i + 2] =
          autoPad.startsWith("SAME")
              ? -Math.floorDiv(-made[i + 2], stride)
              : (ceil ? -Math.floorDiv(-room, stride) : Math.floorDiv(room, stride)) + 1;
    }
    return Known.of(in.get(0).width(), made);
  }

  private long each(String attribute, int i, long otherwise) {
    return in.node().integers(attribute).filter(v -> i < v.length).map(v -> v[i]).orElse(otherwise);
  }

  Known convTranspose() {
    Optional<long[]> from = in.shape(0);
    Optional<long[]> weights = in.shape(1);
    if (from.isEmpty()
        || weights.isEmpty()
        || from.get().length < 3
        || weights.get().length != from.get().length
        || in.node().has("output_shape")) {
      return Known.NOTHING;
    }
    int axes = from.get().length - 2;
    long[] made = from.get().clone();
    made[1] = Known.times(weights.get()[1], in.node().integer("group", 1));
    for (int i = 0; i < axes; i++) {
      long stride = each("strides", i, 1);
      long reach = Known.times(each("dilations", i, 1), weights.get()[i + 2] - 1) + 1;
      made[i + 2] =
          in.node().text("auto_pad", "NOTSET").startsWith("SAME")
              ? Known.times(made[i + 2], stride)
              : Known.times(made[i + 2] - 1, stride)
                  + reach
                  + each("output_padding", i, 0)
                  - each("pads", i, 0)
                  - each("pads", i + axes, 0);
    }
    return Known.of(in.get(0).width(), made);
  }

  Known resize() {
    Optional<long[]> from = in.shape(0);
    if (from.isEmpty() || in.node().has("axes")) {
      return Known.NOTHING;
    }
    if (in.node().hasInput(3)) {
      return in.made(
          in.values(3)
              .filter(sizes -> sizes.length == from.get().length)
              .filter(
                  _ -> in.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch")));
    }
    return in.made(
        in.get(in.node().operator().equals("Upsample") ? 1 : 2)
            .factors()
            .filter(factors -> factors.length == from.get().length)
            .map(factors -> {
              long[] made = from.get().clone();
              for (int i = 0; i < made.length; i++) {
                made[i] = (long) Math.floor(made[i] * (double) factors[i]);
              }
              return made;
            }));
  }
}
