package io.maskstream.trainer.data;

import io.maskstream.camera.Scene;
import io.maskstream.camera.Scene.Look;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.util.Locale;

/// Generated streets with their exact labels: the demo camera's [Scene] as a labelled set. The same
/// numbers give the same pictures, byte by byte.
public final class Scenes implements LabelledSet {

  /// Seconds of a scene that pictures are taken from, when each has a scene of its own.
  private static final double SPAN = 60;

  private final long seed;
  private final int count;
  private final int width;
  private final int height;
  private final Look look;
  private final double framesPerSecond;

  private Scenes(long seed, int count, int width, int height, Look look, double framesPerSecond) {
    if (count < 1) {
      throw new IllegalArgumentException("scenes must be at least 1: " + count);
    }
    this.seed = seed;
    this.count = count;
    this.width = width;
    this.height = height;
    this.look = look;
    this.framesPerSecond = framesPerSecond;
  }

  /// Pictures of as many scenes, each at some time: for training.
  public static Scenes of(long seed, int count, int width, int height, Look look) {
    return new Scenes(seed, count, width, height, look, 0);
  }

  /// The frames of one scene in order, as a camera of this seed shows it.
  public static Scenes video(
      long seed, int count, int width, int height, Look look, double framesPerSecond) {
    if (!(framesPerSecond > 0)) {
      throw new IllegalArgumentException("frames a second must be positive: " + framesPerSecond);
    }
    return new Scenes(seed, count, width, height, look, framesPerSecond);
  }

  @Override
  public Palette classes() {
    return Palette.known("scene");
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public String name(int index) {
    return String.format(Locale.ROOT, "scene-%d-%05d", seed, index);
  }

  @Override
  public LabelledPicture read(int index) {
    boolean video = framesPerSecond > 0;
    long chance = Seeds.of(seed, index);
    double seconds = video ? index / framesPerSecond : (chance >>> 11) * 0x1.0p-53 * SPAN;
    Scene.Picture drawn = new Scene(video ? seed : chance, width, height, look).at(seconds);
    return new LabelledPicture(
        name(index),
        new RgbPicture(width, height, drawn.rgb()),
        new ClassPicture(width, height, drawn.classes()));
  }
}
