package io.maskstream.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/// What was fetched to this machine, each file named by its digest, with its manifest and signature
/// beside it: what was had once can be checked and served again while its store is away.
/// Thread-safe, and between processes too: files are moved to their place whole.
final class ReleaseCache {

  private final Path folder;

  ReleaseCache(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
  }

  /// Where the file of this digest is, or would be.
  Path file(String sha256) {
    return folder.resolve(sha256 + ReleaseStore.GRAPH);
  }

  /// Whether the file is here and has its digest still.
  boolean holds(String sha256) throws IOException {
    return Files.exists(file(sha256)) && Digests.sha256(file(sha256)).equals(sha256);
  }

  /// A name for what is not whole yet; whoever asked moves or deletes it.
  Path part() {
    return folder.resolve("." + UUID.randomUUID() + ".part");
  }

  void keep(String sha256, Path part) throws IOException {
    move(part, file(sha256));
  }

  /// Keeps what was signed, and by whom.
  void keep(String sha256, SignedManifest signed) throws IOException {
    write(signed.signature(), sha256 + ReleaseStore.SIGNATURE);
    // Last: a manifest that is here has its signature.
    write(signed.text(), sha256 + ReleaseStore.MANIFEST);
  }

  private void write(byte[] bytes, String name) throws IOException {
    Path part = part();
    Files.write(part, bytes);
    move(part, folder.resolve(name));
  }

  private static void move(Path part, Path place) throws IOException {
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// What was signed of the file of this digest; its signature is not compared.
  Optional<SignedManifest> signed(String sha256) throws IOException {
    Path text = folder.resolve(sha256 + ReleaseStore.MANIFEST);
    Path signature = folder.resolve(sha256 + ReleaseStore.SIGNATURE);
    return Files.exists(text) && Files.exists(signature)
        ? Optional.of(new SignedManifest(Files.readAllBytes(text), Files.readAllBytes(signature)))
        : Optional.empty();
  }
}
