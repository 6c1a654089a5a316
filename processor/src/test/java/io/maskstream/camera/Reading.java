package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A source read to its end.
record Reading(SourceFormat format, List<AccessUnit> units, AccessUnit end) {

  static Reading of(Path file) {
    return of(CameraAddress.of(file.toString()), SourceSettings.STANDARD);
  }

  static Reading of(CameraAddress address, SourceSettings settings) {
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource source = CameraSource.open("gate", address, settings)) {
      for (var unit = source.next(); unit.isPresent(); unit = source.next()) {
        units.add(unit.get());
      }
      return new Reading(source.format(), units, source.endOfSession());
    }
  }

  List<Long> pts() {
    return units.stream().map(unit -> unit.identity().pts()).toList();
  }

  List<Boolean> keyframes() {
    return units.stream().map(AccessUnit::keyframe).toList();
  }

  static byte[] bytes(AccessUnit unit) {
    byte[] bytes = new byte[unit.data().remaining()];
    unit.data().duplicate().get(bytes);
    return bytes;
  }
}
