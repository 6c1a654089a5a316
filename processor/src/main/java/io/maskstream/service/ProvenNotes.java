package io.maskstream.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which releases were proven on this machine, so that a restart does not prove a large net again.
/// One file for each digest says under which conditions; under others it does not count.
/// Thread-safe.
final class ProvenNotes {

  private static final Logger LOG = LoggerFactory.getLogger(ProvenNotes.class);

  private final Path folder;
  private final String conditions;

  ProvenNotes(Path folder, String conditions) {
    this.folder = folder;
    this.conditions = conditions;
  }

  boolean has(String sha256) {
    try {
      return Files.readString(folder.resolve(sha256)).equals(conditions);
    } catch (IOException e) {
      return false;
    }
  }

  void add(String sha256) {
    try {
      Files.createDirectories(folder);
      Path part = Files.writeString(folder.resolve("." + UUID.randomUUID()), conditions);
      Files.move(
          part,
          folder.resolve(sha256),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("a restart will prove the release again, for this cannot be noted: {}", folder, e);
    }
  }
}
