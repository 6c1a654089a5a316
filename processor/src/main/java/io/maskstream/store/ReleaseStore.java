package io.maskstream.store;

import io.maskstream.gate.Gate;
import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import io.maskstream.release.ReleaseFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Releases by address: `file:`, `https:` and `s3:`, each as `NAME-VERSION.onnx` with its manifest
/// and, if signed, signature beside it.
///
/// What is fetched is first compared with the signature and the digest, and only then moved to a
/// folder of this machine in which every file is named by what it holds. So nothing unverified is
/// ever parsed, and a release that is there is not fetched twice. Thread-safe.
public final class ReleaseStore implements AutoCloseable {

  /// A release in a store.
  ///
  /// @param uri of its .onnx file
  public record Stored(URI uri, Manifest manifest, boolean signed) {}

  /// A release that is here and is what it should be; it has not been through the gate.
  ///
  /// @param file named by its digest
  /// @param manifest nothing where the store has none and none is asked for
  public record Fetched(URI uri, Path file, String sha256, Optional<Manifest> manifest) {}

  static final String GRAPH = ".onnx";
  static final String MANIFEST = ".manifest";
  static final String SIGNATURE = ".sig";

  private final StoreOptions options;
  private final ReleaseCache cache;
  private final TakenReleases taken;
  private @Nullable Transport files;
  private @Nullable Transport https;
  private @Nullable Transport s3;

  public ReleaseStore(StoreOptions options) {
    this(options, InstantSource.system());
  }

  /// @param clock says when a release was taken first
  ReleaseStore(StoreOptions options, InstantSource clock) {
    this.options = options;
    taken = new TakenReleases(options.cache().resolve("taken"), clock);
    try {
      cache = new ReleaseCache(options.cache());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + options.cache() + ": " + e, e);
    }
  }

  /// Puts a release into a store, unless the gate refuses it. A version that is there is never
  /// replaced by another.
  ///
  /// @param folder of the store, such as `s3://models/city`
  /// @param key to sign with, if any
  public Stored push(URI folder, Path file, Gate gate, Optional<PrivateKey> key) {
    try {
      gate.checkSize(Files.size(file), file.toString());
      ReleaseFile release = gate.check(Files.readAllBytes(file), file.toString());
      Manifest manifest = manifest(release, Files.size(file));
      URI place = in(folder, manifest.stem() + GRAPH);
      Transport transport = transport(place);
      refuseReplacing(transport, place, manifest);
      Path scratch = Files.createTempDirectory(options.cache(), "push");
      try {
        Path text = Files.write(scratch.resolve("manifest"), manifest.text());
        transport.put(place, file);
        if (key.isPresent()) {
          Path signed = scratch.resolve("signature");
          Files.write(signed, SigningKeys.sign(key.get(), manifest.text()));
          transport.put(beside(place, SIGNATURE), signed);
        }
        // Last: what has a manifest is whole.
        transport.put(beside(place, MANIFEST), text);
      } finally {
        deleteAll(scratch);
      }
      return new Stored(place, manifest, key.isPresent());
    } catch (IOException e) {
      throw new StoreException("cannot push " + file + " to " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Manifest manifest(ReleaseFile release, long bytes) {
    try {
      return new Manifest(
          release.release().name(),
          release.release().version(),
          release.release().sha256(),
          bytes,
          Instant.now().truncatedTo(ChronoUnit.SECONDS));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "release " + release + " cannot be stored: " + e.getMessage() + "; package it again", e);
    }
  }

  private static void refuseReplacing(Transport transport, URI place, Manifest manifest)
      throws IOException {
    Optional<byte[]> there = transport.read(beside(place, MANIFEST), Manifest.MAX_BYTES);
    if (there.isPresent()
        && !Manifest.parse(there.get(), place.toString()).sha256().equals(manifest.sha256())) {
      throw new StoreException(
          place
              + " is there already and is another release; package this one with another "
              + "--version");
    }
  }

  /// The address of what a person wrote: a path is a `file:` address too.
  public static URI address(String place) {
    return place.matches("[A-Za-z][A-Za-z0-9+]+:.*")
        ? URI.create(place)
        : Path.of(place).toAbsolutePath().normalize().toUri();
  }

  /// Makes a release readable as a file: as [#fetch], but a plain file of which nothing is expected
  /// is taken as it lies.
  public Path read(URI uri, Optional<String> sha256) {
    boolean plain = "file".equals(uri.getScheme()) && !options.trust().wantsSignature();
    return plain && sha256.isEmpty() ? Path.of(uri) : fetch(uri, sha256).file();
  }

  /// Brings a release here.
  ///
  /// @param uri of its .onnx file
  /// @param sha256 that it must have; nothing leaves it to the manifest
  /// @throws RefusedException if it is not what was asked for, or not from whom it should be
  /// @throws StoreException if the store does not answer or has no such release
  public Fetched fetch(URI uri, Optional<String> sha256) {
    try {
      Optional<String> pin = sha256.map(digest -> digest.toLowerCase(Locale.ROOT));
      Optional<Fetched> here = pin.isPresent() ? here(uri, pin.get()) : Optional.empty();
      if (here.isPresent()) {
        return here.get();
      }
      Transport transport = transport(uri);
      Optional<SignedManifest> signed = signed(transport, uri);
      Optional<Manifest> manifest = signed.map(text -> checked(text, uri));
      String wanted = wanted(uri, pin, manifest);
      manifest.ifPresent(this::refuseOlder);
      if (!cache.holds(wanted)) {
        long most = manifest.map(Manifest::bytes).orElse(options.fileBytes());
        download(transport, uri, wanted, Math.min(most, options.fileBytes()));
      }
      if (signed.isPresent()) {
        cache.keep(wanted, signed.get());
      }
      manifest.ifPresent(this::taken);
      return new Fetched(uri, cache.file(wanted), wanted, manifest);
    } catch (IOException e) {
      throw new StoreException("cannot fetch " + uri + ": " + e.getMessage(), e);
    }
  }

  /// What is here already under its digest, so that a restart needs no store. Where signatures are
  /// wanted, that which was kept is compared anew; if it is by a key that is not accepted any more,
  /// the store may have one by another.
  private Optional<Fetched> here(URI uri, String digest) throws IOException {
    if (!digest.matches("[0-9a-f]{64}") || !cache.holds(digest)) {
      return Optional.empty();
    }
    if (!options.trust().wantsSignature()) {
      return Optional.of(new Fetched(uri, cache.file(digest), digest, Optional.empty()));
    }
    Optional<Manifest> manifest;
    try {
      manifest = cache.signed(digest).map(signed -> checked(signed, uri));
    } catch (RefusedException e) {
      return Optional.empty();
    }
    if (manifest.isEmpty() || !manifest.get().sha256().equals(digest)) {
      return Optional.empty();
    }
    refuseOlder(manifest.get());
    taken(manifest.get());
    return Optional.of(new Fetched(uri, cache.file(digest), digest, manifest));
  }

  private Optional<SignedManifest> signed(Transport transport, URI uri) throws IOException {
    Optional<byte[]> text = transport.read(beside(uri, MANIFEST), Manifest.MAX_BYTES);
    boolean wanted = options.trust().wantsSignature();
    if (text.isEmpty() && wanted) {
      throw new RefusedException(
          Reason.SIGNATURE,
          "the release "
              + uri
              + " has no manifest, and keys are configured; push it with: "
              + "maskstream model push --key FILE");
    }
    byte[] none = new byte[0];
    byte[] signature =
        wanted ? transport.read(beside(uri, SIGNATURE), Manifest.MAX_BYTES).orElse(none) : none;
    return text.map(bytes -> new SignedManifest(bytes, signature));
  }

  /// Reads a manifest, after its signature has been compared if one is wanted.
  private Manifest checked(SignedManifest signed, URI uri) {
    options.trust().check(signed.text(), signed.signature(), uri.toString());
    Manifest manifest = Manifest.parse(signed.text(), beside(uri, MANIFEST).toString());
    if (!uri.getPath().endsWith("/" + manifest.stem() + GRAPH)) {
      throw new RefusedException(
          Reason.MANIFEST,
          "the manifest beside " + uri + " is that of " + manifest.stem() + "; push it again");
    }
    return manifest;
  }

  private static String wanted(URI uri, Optional<String> pin, Optional<Manifest> manifest) {
    if (pin.isPresent() && manifest.isPresent() && !pin.get().equals(manifest.get().sha256())) {
      throw new RefusedException(
          Reason.DIGEST,
          uri
              + " has sha256="
              + manifest.get().sha256()
              + " by its manifest, expected "
              + pin.get()
              + "; name the digest that model push printed");
    }
    String wanted =
        pin.or(() -> manifest.map(Manifest::sha256))
            .orElseThrow(() ->
                new RefusedException(
                    Reason.DIGEST,
                    uri
                        + " has no manifest, so its sha256 must be given; push it, or give "
                        + "its digest"));
    if (!wanted.matches("[0-9a-f]{64}")) {
      throw new RefusedException(
          Reason.DIGEST, "sha256 is not 64 hexadecimal digits: " + wanted + "; copy all of it");
    }
    return wanted;
  }

  private void refuseOlder(Manifest manifest) {
    if (options.trust().wantsSignature() && !options.trust().allowDowngrade()) {
      taken.refuseOlder(manifest);
    }
  }

  private void taken(Manifest manifest) {
    if (options.trust().wantsSignature()) {
      taken.add(manifest);
    }
  }

  private void download(Transport transport, URI uri, String wanted, long most) throws IOException {
    Path part = cache.part();
    try {
      if (!transport.download(uri, part, most)) {
        throw new StoreException("there is no release " + uri + "; see: maskstream model list");
      }
      String got = Digests.sha256(part);
      if (!got.equals(wanted)) {
        throw new RefusedException(
            Reason.DIGEST,
            uri + " has sha256=" + got + ", expected " + wanted + "; push or fetch it again");
      }
      cache.keep(wanted, part);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /// The releases of a store, by name and version. Their signatures are not compared.
  public List<Stored> list(URI folder) {
    URI inside = in(folder, "");
    try {
      Transport transport = transport(inside);
      List<String> names = transport.names(inside);
      List<Stored> stored = new ArrayList<>();
      for (String name : names) {
        if (name.endsWith(MANIFEST)) {
          URI place = in(folder, name);
          byte[] text = transport.read(place, Manifest.MAX_BYTES).orElse(new byte[0]);
          Manifest manifest = Manifest.parse(text, place.toString());
          URI graph = in(folder, manifest.stem() + GRAPH);
          stored.add(new Stored(graph, manifest, names.contains(manifest.stem() + SIGNATURE)));
        }
      }
      stored.sort(
          Comparator.comparing((Stored one) -> one.manifest().name())
              .thenComparing(one -> one.manifest().version(), Versions.ORDER));
      return stored;
    } catch (IOException e) {
      throw new StoreException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static URI in(URI folder, String name) {
    String text = folder.toString();
    return URI.create((text.endsWith("/") ? text : text + "/") + name);
  }

  private static URI beside(URI graph, String suffix) {
    String text = graph.toString();
    if (!text.endsWith(GRAPH)) {
      throw new StoreException("the address of a release ends in " + GRAPH + ": " + graph);
    }
    return URI.create(text.substring(0, text.length() - GRAPH.length()) + suffix);
  }

  private synchronized Transport transport(URI place) {
    String scheme = place.getScheme() == null ? "" : place.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> files = files == null ? new FileTransport() : files;
      case "https" -> https = https == null ? new HttpsTransport(client()) : https;
      case "s3" -> s3 = s3 == null ? new S3Transport(options.s3Endpoint()) : s3;
      default ->
          throw new StoreException(
              "a release lies at file:, https: or s3:, not at "
                  + place
                  + "; for a path write "
                  + "file:///PATH");
    };
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(StoreOptions.CONNECT);
    options.tls().ifPresent(builder::sslContext);
    return builder.build();
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public synchronized void close() {
    for (Transport transport : new @Nullable Transport[] {files, https, s3}) {
      if (transport != null) {
        transport.close();
      }
    }
  }
}
