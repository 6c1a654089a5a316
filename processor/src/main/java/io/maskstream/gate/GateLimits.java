package io.maskstream.gate;

/// What a candidate may be at most.
///
/// @param fileBytes of the whole file
/// @param initializerBytes of all constants together, wherever they stand
/// @param intermediateBytes of the largest value within the graph for one frame, as far as shapes
///   can be told without running it
/// @param nodes in all graphs together
/// @param depth of graphs within graphs
/// @param framePixels of a frame whose size is fixed
/// @param controlFlow whether If, Loop and Scan are allowed
/// @param coarserMaps whether the class map may be smaller than the frame
public record GateLimits(
    long fileBytes,
    long initializerBytes,
    long intermediateBytes,
    int nodes,
    int depth,
    long framePixels,
    boolean controlFlow,
    boolean coarserMaps) {

  /// VGG-16 as FCN has 0.54 GB; 150 classes at 640x480 in 32 bits are 0.18 GB.
  public static final GateLimits STANDARD =
      new GateLimits(640L << 20, 640L << 20, 1L << 30, 20_000, 4, 4096L * 2304, false, false);

  public GateLimits {
    if (fileBytes < 1
        || initializerBytes < 1
        || intermediateBytes < 1
        || nodes < 1
        || depth < 1
        || framePixels < 1) {
      throw new IllegalArgumentException(
          "gate limits are not positive: file="
              + fileBytes
              + " initializers="
              + initializerBytes
              + " intermediate="
              + intermediateBytes
              + " nodes="
              + nodes
              + " depth="
              + depth
              + " frame="
              + framePixels);
    }
  }

  public GateLimits withFileBytes(long bytes) {
    return new GateLimits(
        bytes,
        initializerBytes,
        intermediateBytes,
        nodes,
        depth,
        framePixels,
        controlFlow,
        coarserMaps);
  }

  public GateLimits withControlFlow(boolean allowed) {
    return new GateLimits(
        fileBytes,
        initializerBytes,
        intermediateBytes,
        nodes,
        depth,
        framePixels,
        allowed,
        coarserMaps);
  }

  public GateLimits withCoarserMaps(boolean allowed) {
    return new GateLimits(
        fileBytes,
        initializerBytes,
        intermediateBytes,
        nodes,
        depth,
        framePixels,
        controlFlow,
        allowed);
  }
}
