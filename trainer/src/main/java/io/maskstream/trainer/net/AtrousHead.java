package io.maskstream.trainer.net;

import java.util.List;

/// DeepLabv3's atrous spatial pyramid pooling (Chen et al. 2017, figure 5): the map seen by filters
/// of different dilation, and its mean over the whole picture.
///
/// @param width channels
/// @param rates dilations of the filters of 3 x 3
/// @param end what joins them
record AtrousHead(int width, List<Integer> rates, End end) implements Head {

  enum End {
    /// One convolution of 3 x 3, and a little dropout, as mmsegmentation has it.
    WIDE,
    /// One of 1 x 1, as the paper has it.
    POINTWISE,
    /// One of 1 x 1, then dropout of a half, then one of 3 x 3, as torchvision has it.
    BOTH
  }

  static AtrousHead of(int width, End end, Integer... rates) {
    return new AtrousHead(width, List.of(rates), end);
  }

  @Override
  public String write(Layers layers, String name, String x, Corners corners) {
    String[] joined = new String[rates.size() + 2];
    String mean = layers.globalAverage(name + ".mean", x);
    mean = layers.convNormRelu(name + ".image", mean, width, Filter.of(1));
    joined[0] = layers.resizedTo(name + ".image.full", mean, x, corners);
    joined[1] = layers.convNormRelu(name + ".own", x, width, Filter.of(1));
    for (int i = 0; i < rates.size(); i++) {
      Filter filter = Filter.of(3).dilated(rates.get(i));
      joined[i + 2] = layers.convNormRelu(name + ".atrous" + (i + 1), x, width, filter);
    }
    String y = layers.concat(name + ".rates", joined);
    return switch (end) {
      case WIDE ->
          layers.dropout(layers.convNormRelu(name + ".bottleneck", y, width, Filter.of(3)), 0.1f);
      case POINTWISE -> layers.convNormRelu(name + ".project", y, width, Filter.of(1));
      case BOTH -> {
        y = layers.dropout(layers.convNormRelu(name + ".project", y, width, Filter.of(1)), 0.5f);
        yield layers.convNormRelu(name + ".last", y, width, Filter.of(3));
      }
    };
  }
}
