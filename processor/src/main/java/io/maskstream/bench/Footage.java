package io.maskstream.bench;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.Scene;
import io.maskstream.camera.SceneEncoder;
import io.maskstream.camera.SourceSettings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Identity;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A piece of video that many cameras play again and again.
///
/// @param units the access units of one round, of which the first is a keyframe
/// @param span of one round, in units of pts
record Footage(List<AccessUnit> units, long span) {

  private static final int WIDTH = 480;
  private static final int HEIGHT = 360;
  private static final int FPS = 15;
  private static final int GOP = 30;
  private static final int FRAMES = 4 * GOP;

  /// A generated scene, H.264.
  static Footage generated() {
    List<AccessUnit> units = new ArrayList<>();
    Scene scene = new Scene(1, WIDTH, HEIGHT);
    try (SceneEncoder encoder =
        SceneEncoder.open(
            "bench", SceneEncoder.Settings.h264(WIDTH, HEIGHT, FPS, GOP), InstantSource.system())) {
      for (int i = 0; i < FRAMES; i++) {
        units.addAll(encoder.encode(scene.at((double) i / FPS).rgb()));
      }
      units.addAll(encoder.end());
    }
    return of(units);
  }

  /// A file's video.
  static Footage of(Path video) {
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource source =
        CameraSource.open("bench", CameraAddress.of(video.toString()), SourceSettings.STANDARD)) {
      for (var next = source.next(); next.isPresent(); next = source.next()) {
        units.add(next.get());
      }
    }
    return of(units);
  }

  private static Footage of(List<AccessUnit> units) {
    if (units.isEmpty()) {
      throw new IllegalArgumentException("the video has no pictures");
    }
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (AccessUnit unit : units) {
      first = Math.min(first, unit.identity().pts());
      last = Math.max(last, unit.identity().pts());
    }
    return new Footage(
        List.copyOf(units), last - first + Math.max(1, (last - first) / units.size()));
  }

  /// The n-th access unit of a camera's session.
  AccessUnit unit(String cameraId, long n) {
    AccessUnit unit = units.get((int) (n % units.size()));
    Identity identity = unit.identity();
    return new AccessUnit(
        new Identity(
            cameraId,
            "bench",
            n,
            identity.pts() + n / units.size() * span,
            identity.timeBase(),
            InstantSource.system().instant()),
        unit.codec(),
        unit.keyframe(),
        unit.data(),
        unit.rotationDegrees(),
        unit.colorMatrix(),
        unit.colorRange(),
        false);
  }

  /// The end of a camera's session of n access units.
  AccessUnit end(String cameraId, long n) {
    AccessUnit last = unit(cameraId, n);
    return new AccessUnit(
        last.identity(),
        last.codec(),
        false,
        ByteBuffer.allocate(0),
        0,
        last.colorMatrix(),
        last.colorRange(),
        true);
  }
}
