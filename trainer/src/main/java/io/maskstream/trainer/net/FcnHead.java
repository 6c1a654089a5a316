package io.maskstream.trainer.net;

/// Plain convolutions.
///
/// @param width their channels
/// @param depth how many of 3 x 3 there are
/// @param dilation of these; 6 in mmsegmentation's "D6"
/// @param rejoins whether a last one, never dilated, reads what they give together with what they
///   read
/// @param dropout share of channels that training leaves out
record FcnHead(int width, int depth, int dilation, boolean rejoins, float dropout) implements Head {

  /// Of mmsegmentation's FCN.
  static FcnHead joined(int width, int dilation) {
    return new FcnHead(width, 2, dilation, true, 0.1f);
  }

  /// Of torchvision's FCN, and of every auxiliary output.
  static FcnHead single(int width, int dilation) {
    return new FcnHead(width, 1, dilation, false, 0.1f);
  }

  @Override
  public String write(Layers layers, String name, String x, Corners corners) {
    String y = x;
    for (int i = 1; i <= depth; i++) {
      y = layers.convNormRelu(name + "." + i, y, width, Filter.of(3).dilated(dilation));
    }
    if (rejoins) {
      y = layers.concat(name + ".both", x, y);
      y = layers.convNormRelu(name + ".cat", y, width, Filter.of(3));
    }
    return layers.dropout(y, dropout);
  }
}
