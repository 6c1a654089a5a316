package io.maskstream.store;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Bytes to and from one kind of place. Thread-safe.
sealed interface Transport extends AutoCloseable
    permits FileTransport, HttpsTransport, S3Transport {

  /// Opens what lies there; nothing if there is nothing.
  Optional<InputStream> open(URI place) throws IOException;

  /// Puts a file there, whole or not at all, over what may lie there.
  void put(URI place, Path file) throws IOException;

  /// Names of the files in a folder, without the folder; those of folders in it are left out.
  List<String> names(URI folder) throws IOException;

  @Override
  void close();

  /// Reads something small.
  default Optional<byte[]> read(URI place, int most) throws IOException {
    Optional<InputStream> found = open(place);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = found.get()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      copy(in, bytes, most, place);
      return Optional.of(bytes.toByteArray());
    }
  }

  /// @return whether there is such a file
  default boolean download(URI place, Path file, long most) throws IOException {
    Optional<InputStream> found = open(place);
    if (found.isEmpty()) {
      return false;
    }
    try (InputStream in = found.get();
        OutputStream out = Files.newOutputStream(file)) {
      copy(in, out, most, place);
    }
    return true;
  }

  private static void copy(InputStream in, OutputStream out, long most, URI place)
      throws IOException {
    byte[] part = new byte[1 << 16];
    long copied = 0;
    for (int read = in.read(part); read >= 0; read = in.read(part)) {
      copied += read;
      if (copied > most) {
        throw new RefusedException(
            Reason.FILE_SIZE,
            place
                + " has more than the "
                + most
                + " bytes that it may have; push a smaller one, or raise the limit");
      }
      out.write(part, 0, read);
    }
  }
}
