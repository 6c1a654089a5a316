package io.maskstream.trainer.data;

/// Seeds made from a seed, so that each picture's chance depends on its place alone and not on who
/// drew before.
final class Seeds {

  private Seeds() {}

  /// The mix of SplitMix64 (Steele, Lea & Flood 2014) over both numbers.
  static long of(long seed, long place) {
    return mix(mix(seed) + place * 0x9e3779b97f4a7c15L);
  }

  private static long mix(long number) {
    long z = number + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
