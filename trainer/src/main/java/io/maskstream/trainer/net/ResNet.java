package io.maskstream.trainer.net;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Residual networks (He et al. 2016, table 1) that stop halving the picture at stride 8 or 16 and
/// dilate instead.
///
/// @param depth how many blocks, and of which kind
/// @param stem in front of them
/// @param stages stride and dilations of the four stages, and of any further ones
record ResNet(Depth depth, Stem stem, List<Stage> stages) {

  enum Depth {
    R18(1, 2, 2, 2, 2),
    R50(4, 3, 4, 6, 3),
    R101(4, 3, 4, 23, 3);

    private final int expansion;
    private final int[] blocks;

    Depth(int expansion, int... blocks) {
      this.expansion = expansion;
      this.blocks = blocks;
    }
  }

  enum Stem {
    /// One convolution of 7 x 7, as torchvision and mmsegmentation's "b" networks have it.
    PLAIN,
    /// Three of 3 x 3, mmsegmentation's ResNetV1c.
    DEEP,
    /// The same, twice as wide, of PSPNet's author.
    WIDE
  }

  /// @param stride of its first block
  /// @param dilations of its blocks, the last one for all that follow
  record Stage(int stride, List<Integer> dilations) {

    static Stage of(int stride, Integer... dilations) {
      return new Stage(stride, List.of(dilations));
    }

    int dilation(int block) {
      return dilations.get(Math.min(block, dilations.size()) - 1);
    }
  }

  private static final Stage FIRST = Stage.of(1, 1);
  private static final Stage HALVING = Stage.of(2, 1);

  /// Stride 8. The first block of a stage that gives up its stride keeps the dilation of the stage
  /// before.
  static ResNet d8(Depth depth, Stem stem) {
    return new ResNet(depth, stem, List.of(FIRST, HALVING, Stage.of(1, 1, 2), Stage.of(1, 2, 4)));
  }

  /// Stride 8, all blocks of a stage dilated alike, as PSPNet's author has it.
  static ResNet evenD8(Depth depth, Stem stem) {
    return new ResNet(depth, stem, List.of(FIRST, HALVING, Stage.of(1, 2), Stage.of(1, 4)));
  }

  /// Stride 16.
  static ResNet d16(Depth depth, Stem stem) {
    return new ResNet(depth, stem, List.of(FIRST, HALVING, HALVING, Stage.of(1, 1, 2)));
  }

  /// DeepLabv3's: the rate doubles with each stage that gives up its stride, and goes on doubling
  /// in copies of the fourth stage that follow in cascade; from the fourth on, each block's is
  /// multiplied by the multi-grid (Chen et al. 2017, section 3.1).
  ///
  /// @param stride 8 or 16
  static ResNet multiGrid(Depth depth, int stride, int copies, Integer... grid) {
    List<Stage> stages = new ArrayList<>(List.of(FIRST, HALVING));
    stages.add(stride == 16 ? HALVING : Stage.of(1, 2));
    for (int copy = 0; copy <= copies; copy++) {
      int rate = 32 / stride << copy;
      stages.add(new Stage(1, Stream.of(grid).map(unit -> rate * unit).toList()));
    }
    return new ResNet(depth, Stem.PLAIN, stages);
  }

  /// Appends the network.
  ///
  /// @return what each stage gives
  List<String> write(Layers layers, String picture) {
    String x = layers.maxPool("stem.pool", stem(layers, picture), 3, 2, 1);
    List<String> given = new ArrayList<>();
    for (int stage = 1; stage <= stages.size(); stage++) {
      int width = 64 << Math.min(stage - 1, 3);
      int blocks = depth.blocks[Math.min(stage, 4) - 1];
      for (int block = 1; block <= blocks; block++) {
        int stride = block == 1 ? stages.get(stage - 1).stride() : 1;
        int dilation = stages.get(stage - 1).dilation(block);
        x = block(layers, "layer" + stage + "." + block, x, width, stride, dilation);
      }
      given.add(x);
    }
    return given;
  }

  private String stem(Layers layers, String picture) {
    if (stem == Stem.PLAIN) {
      return layers.convNormRelu("stem", picture, 64, Filter.of(7).stride(2));
    }
    int width = stem == Stem.WIDE ? 64 : 32;
    String x = layers.convNormRelu("stem.1", picture, width, Filter.of(3).stride(2));
    x = layers.convNormRelu("stem.2", x, width, Filter.of(3));
    return layers.convNormRelu("stem.3", x, 2 * width, Filter.of(3));
  }

  /// A basic block or a bottleneck (figure 5), its stride in the first or the only convolution of 3
  /// x 3 that sees more than its own pixel's neighbours; of a basic block's two only the first is
  /// dilated, as in mmsegmentation.
  private String block(Layers layers, String name, String x, int width, int stride, int dilation) {
    Filter dilated = Filter.of(3).stride(stride).dilated(dilation);
    String y;
    int to = width * depth.expansion;
    if (depth.expansion == 1) {
      y = layers.convNormRelu(name + ".conv1", x, width, dilated);
      y = layers.convNorm(name + ".conv2", y, to, Filter.of(3));
    } else {
      y = layers.convNormRelu(name + ".conv1", x, width, Filter.of(1));
      y = layers.convNormRelu(name + ".conv2", y, width, dilated);
      y = layers.convNorm(name + ".conv3", y, to, Filter.of(1));
    }
    boolean same = stride == 1 && layers.channels(x) == layers.channels(y);
    String past = same ? x : layers.convNorm(name + ".past", x, to, Filter.of(1).stride(stride));
    return layers.relu(layers.add(name, y, past));
  }
}
