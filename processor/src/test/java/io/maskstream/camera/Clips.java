package io.maskstream.camera;

import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Generated clips, for machines without the shared material.
final class Clips {

  private Clips() {}

  /// Access units of a generated scene.
  static List<AccessUnit> encode(Settings settings, int pictures) {
    Scene scene = new Scene(11, settings.width(), settings.height());
    List<AccessUnit> units = new ArrayList<>();
    try (SceneEncoder encoder = SceneEncoder.open("gate", settings, InstantSource.system())) {
      for (int i = 0; i < pictures; i++) {
        double seconds = (double) i / settings.framesPerSecond();
        units.addAll(encoder.encode(scene.at(seconds).rgb()));
      }
      units.addAll(encoder.end());
    }
    return units;
  }

  /// A file of nothing but the access units in a row.
  static Path bare(Path file, List<AccessUnit> units) {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (AccessUnit unit : units) {
        out.write(Reading.bytes(unit));
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
