package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import java.util.Optional;

/// One session of a camera: its access units in decoding order, from opening to the end. Nothing is
/// decoded.
///
/// Every opening is a new session id; sequences count from 0 without gaps; pts are unique within
/// the session and give the order of presentation. Not thread-safe: one thread opens, reads and
/// closes.
public interface CameraSource extends AutoCloseable {

  /// Opens a file, a camera or a generated scene.
  ///
  /// @throws CameraException if there is no readable video by the deadline
  static CameraSource open(String cameraId, CameraAddress address, SourceSettings settings) {
    return open(cameraId, address, settings, new Cancellation());
  }

  /// Opens a file, a camera or a generated scene, unless cancelled before.
  ///
  /// @throws CameraException if there is no readable video by the deadline, or it was cancelled
  static CameraSource open(
      String cameraId, CameraAddress address, SourceSettings settings, Cancellation cancellation) {
    return switch (address.kind()) {
      case GENERATED ->
          SceneSource.open(Session.begin(cameraId, settings.clock()), address, cancellation);
      case FILE, RTSP, HTTP, DEVICE -> Demuxer.open(cameraId, address, settings, cancellation);
    };
  }

  /// Which session this is; the same in every access unit's identity.
  String sessionId();

  SourceFormat format();

  /// The next access unit; empty at the end of the file, or once cancelled.
  ///
  /// @throws CameraException if the source fails, or says nothing until the deadline
  Optional<AccessUnit> next();

  /// The unit that says this session is over, next in sequence; nothing may follow it.
  AccessUnit endOfSession();

  @Override
  void close();
}
