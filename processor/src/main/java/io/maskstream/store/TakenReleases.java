package io.maskstream.store;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was taken of each name on this machine, one file for each, so that an old signed release
/// cannot be played back, also after a restart. The first line is the latest version; each other
/// one is a digest and when it was taken first.
///
/// Taken is what is none older than the latest, and what was taken before: a rollback, a camera
/// that stays with an older release, and a replay ask for what has served here. Who cannot sign can
/// bring back no more than that. Where a name is new, its first minute takes older versions too,
/// for a new machine gets all that the log assigns at once, in any order. Thread-safe.
final class TakenReleases {

  static final Duration FIRST = Duration.ofMinutes(1);

  private final Path folder;
  private final InstantSource clock;

  private record Memory(String latest, List<String> digests, Instant since) {}

  TakenReleases(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /// @throws RefusedException if it is older than the latest, and has never been taken
  synchronized void refuseOlder(Manifest manifest) {
    Memory memory = of(manifest.name());
    if (memory == null
        || Versions.ORDER.compare(manifest.version(), memory.latest()) >= 0
        || memory.digests().stream().anyMatch(line -> line.startsWith(manifest.sha256()))
        || clock.instant().isBefore(memory.since().plus(FIRST))) {
      return;
    }
    throw new RefusedException(
        Reason.OLDER_VERSION,
        "release "
            + manifest.stem()
            + " is older than version "
            + memory.latest()
            + ", which was taken here before, and has not served here; release the old graph under "
            + "a new version, or allow downgrades");
  }

  synchronized void add(Manifest manifest) {
    Memory memory = of(manifest.name());
    List<String> lines = new ArrayList<>();
    lines.add(manifest.version());
    if (memory != null) {
      if (Versions.ORDER.compare(memory.latest(), manifest.version()) > 0) {
        lines.set(0, memory.latest());
      }
      lines.addAll(memory.digests());
    }
    if (lines.stream().noneMatch(line -> line.startsWith(manifest.sha256()))) {
      lines.add(manifest.sha256() + " " + clock.instant());
    }
    try {
      Files.createDirectories(folder);
      Path part = Files.write(folder.resolve("." + UUID.randomUUID() + ".part"), lines);
      Files.move(
          part,
          folder.resolve(manifest.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note that " + manifest.stem() + " was taken: " + e, e);
    }
  }

  private @Nullable Memory of(String name) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve(name));
      List<String> digests = lines.subList(Math.min(1, lines.size()), lines.size());
      Instant since =
          digests.isEmpty()
              ? Instant.EPOCH
              : Instant.parse(digests.getFirst().substring(digests.getFirst().indexOf(' ') + 1));
      return new Memory(lines.getFirst().strip(), List.copyOf(digests), since);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what was taken of " + name + ": " + e, e);
    }
  }
}
