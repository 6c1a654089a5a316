package io.maskstream.camera;

/// A generated scene as a camera.
final class SceneSource {
  static CameraSource open(Session session, CameraAddress address, Cancellation cancellation) {
    throw new CameraException("x");
  }
}
