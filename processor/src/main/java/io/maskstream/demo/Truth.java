package io.maskstream.demo;

import io.maskstream.camera.Scene;
import io.maskstream.camera.Scene.Look;
import io.maskstream.painting.ClassPicture;
import io.maskstream.wire.Identity;

/// What the demo's cameras were given to see: each pixel's class, known because it was drawn.
final class Truth {

  static final Look LOOK = Look.VARIED;

  private Truth() {}

  /// The true classes of a picture.
  ///
  /// @param width of the class map that is wanted, which may differ from the picture's
  static ClassPicture of(Identity picture, int width, int height) {
    double seconds =
        (double) picture.pts() * picture.timeBase().numerator() / picture.timeBase().denominator();
    Scene scene = Scene.ofCamera(picture.cameraId(), width, height, LOOK);
    return new ClassPicture(width, height, scene.at(seconds).classes());
  }
}
