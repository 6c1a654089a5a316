package io.maskstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.gate.Candidates;
import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import io.maskstream.store.ReleaseStore.Fetched;
import io.maskstream.store.ReleaseStore.Stored;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseStoreTest {

  @TempDir Path folder;
  private final Gate gate = new Gate(GateLimits.STANDARD);
  private int caches;
  private Path ours = Path.of("");
  private Path theirs = Path.of("");

  @BeforeEach
  void makeTwoPairsOfKeys() {
    ours = folder.resolve("ours");
    theirs = folder.resolve("theirs");
    for (Path key : List.of(ours, theirs)) {
      SigningKeys.generate(key, open(key));
    }
  }

  @Test
  void keepsAndGivesBackAReleaseInAFolder() throws IOException {
    Stored stored = push("tiny", "1", Optional.empty());
    assertThat(stored.uri().toString()).endsWith("/store/tiny-1.onnx");
    Fetched fetched = fetch(stored.uri(), Optional.of(stored.manifest().sha256()), fresh());
    assertThat(fetched.file()).hasBinaryContent(bytes("tiny", "1"));
    assertThat(fetched.file()).hasFileName(stored.manifest().sha256() + ".onnx");
  }

  @Test
  void keepsAndGivesBackAReleaseOnS3AndListsIt() throws IOException {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    try (S3Server server = new S3Server();
        ReleaseStore store =
            new ReleaseStore(fresh().withS3(server.endpoint()).with(trust(false)))) {
      URI place = URI.create("s3://" + S3Server.BUCKET + "/city/released");
      for (String version : List.of("10", "9")) {
        store.push(place, write("tiny", version), gate, key(ours));
      }
      assertThat(server.objects().keySet())
          .contains("city/released/tiny-9.onnx", "city/released/tiny-10.manifest");
      assertThat(store.list(place))
          .extracting(one -> one.manifest().version())
          .containsExactly("9", "10");
      Stored last = store.list(place).getLast();
      Fetched fetched = store.fetch(last.uri(), Optional.empty());
      assertThat(fetched.file()).hasBinaryContent(bytes("tiny", "10"));
      assertThatThrownBy(
              () -> store.fetch(URI.create(place + "/tiny-11.onnx"), Optional.of("0".repeat(64))))
          .hasMessageContaining("no manifest");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void saysWhatAnS3ServerAnswers() throws IOException {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", "another secret");
    try (S3Server server = new S3Server();
        ReleaseStore store = new ReleaseStore(fresh().withS3(server.endpoint()))) {
      assertThatThrownBy(() ->
              store.push(
                  URI.create("s3://models/city"), write("tiny", "1"), gate, Optional.empty()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("403");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void fetchesByHttpsAndFollowsNoRedirect() throws Exception {
    push("tiny", "1", key(ours));
    try (HttpsFolder server = new HttpsFolder(folder.resolve("store"), folder);
        ReleaseStore store = new ReleaseStore(fresh().withTls(server.tls()).with(trust(false)))) {
      URI root = server.root();
      assertThat(store.fetch(URI.create(root + "/tiny-1.onnx"), Optional.empty()).file())
          .hasBinaryContent(bytes("tiny", "1"));
      assertThatThrownBy(
              () -> store.fetch(URI.create(root + "/elsewhere/tiny-1.onnx"), Optional.empty()))
          .hasMessageContaining("302, a redirect, which is not followed");
      assertThatThrownBy(() -> store.push(root, write("tiny", "2"), gate, Optional.empty()))
          .hasMessageContaining("https: is for reading");
    }
  }

  @Test
  void refusesMoreBytesThanItMayHave() throws IOException {
    Stored stored = push("tiny", "1", Optional.empty());
    assertRefused(
        Reason.FILE_SIZE, () -> fetch(stored.uri(), Optional.empty(), fresh().withFileBytes(100)));
    Files.write(Path.of(stored.uri()), new byte[1 << 20]);
    assertRefused(Reason.FILE_SIZE, () -> fetch(stored.uri(), Optional.empty(), fresh()));
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  @Test
  void neverReplacesAVersionByAnother() throws IOException {
    push("tiny", "1", Optional.empty());
    Path other = Files.write(folder.resolve("other.onnx"), more("tiny", "1"));
    try (ReleaseStore store = new ReleaseStore(fresh())) {
      assertThatThrownBy(() -> store.push(storeUri(), other, gate, Optional.empty()))
          .hasMessageContaining("is there already and is another release");
      store.push(storeUri(), write("tiny", "1"), gate, Optional.empty());
    }
  }

  @Test
  void refusesADigestThatNobodyGave() throws IOException {
    Path bare = Files.write(folder.resolve("bare-1.onnx"), bytes("bare", "1"));
    assertRefused(Reason.DIGEST, () -> fetch(bare.toUri(), Optional.empty(), fresh()));
    String digest = Digests.sha256(bare);
    assertThat(fetch(bare.toUri(), Optional.of(digest), fresh()).sha256()).isEqualTo(digest);
  }

  @Test
  void refusesAWrongAMissingAndAStaleSignature() throws IOException {
    Stored wrong = push("wrong", "1", key(theirs));
    assertRefused(Reason.SIGNATURE, () -> fetch(wrong.uri(), Optional.empty(), signed()));
    Stored missing = push("missing", "1", Optional.empty());
    assertRefused(Reason.SIGNATURE, () -> fetch(missing.uri(), Optional.empty(), signed()));
    Files.delete(beside(missing, ".manifest"));
    assertRefused(Reason.SIGNATURE, () -> fetch(missing.uri(), Optional.empty(), signed()));
    Stored first = push("tiny", "1", key(ours));
    Stored second = push("tiny", "2", key(ours));
    Files.copy(beside(first, ".sig"), folder.resolve("stale"));
    Files.delete(beside(second, ".sig"));
    Files.copy(folder.resolve("stale"), beside(second, ".sig"));
    assertRefused(Reason.SIGNATURE, () -> fetch(second.uri(), Optional.empty(), signed()));
    assertThat(fetch(first.uri(), Optional.empty(), signed()).manifest()).isPresent();
  }

  @Test
  void refusesTheSignedManifestOfAnotherRelease() throws IOException {
    Stored first = push("tiny", "1", key(ours));
    Stored second = push("tiny", "2", key(ours));
    for (String suffix : List.of(".manifest", ".sig", ".onnx")) {
      Files.delete(beside(second, suffix));
      Files.copy(beside(first, suffix), beside(second, suffix));
    }
    assertRefused(Reason.MANIFEST, () -> fetch(second.uri(), Optional.empty(), signed()));
  }

  @Test
  void refusesAManifestThatClimbsOutOfItsFolderEvenSigned() throws IOException {
    Stored stored = push("tiny", "1", key(ours));
    for (String name : List.of("../tiny", "a/../tiny", "..", "tiny\nname: other", "/etc/passwd")) {
      byte[] text =
          new String(stored.manifest().text(), java.nio.charset.StandardCharsets.UTF_8)
              .replace("name: tiny", "name: " + name)
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Files.write(beside(stored, ".manifest"), text);
      Files.write(beside(stored, ".sig"), SigningKeys.sign(SigningKeys.readSecret(ours), text));
      assertRefused(Reason.MANIFEST, () -> fetch(stored.uri(), Optional.empty(), signed()));
    }
    assertThatThrownBy(() -> new Manifest("../x", "1", "0".repeat(64), 1, Instant.EPOCH))
        .hasMessageContaining("becomes part of a file's name");
  }

  @Test
  void refusesAnOlderVersionThatWasNeverTakenHereUnlessAllowed() throws IOException {
    Stored eighth = push("tiny", "8", key(ours));
    Stored ninth = push("tiny", "9", key(ours));
    Stored tenth = push("tiny", "10", key(ours));
    StoreOptions here = fresh();
    // A new machine takes what the log assigns, in any order.
    Instant begin = Instant.now();
    fetchAt(begin, tenth, here);
    fetchAt(begin.plusSeconds(59), ninth, here);

    Instant later = begin.plusSeconds(61);
    assertRefused(Reason.OLDER_VERSION, () -> fetchAt(later, eighth, here));
    // A rollback asks for what has served here, also after a restart.
    assertThat(fetchAt(later, ninth, here).manifest()).map(Manifest::version).hasValue("9");
    assertThat(fetchAt(later, tenth, here).file()).exists();
    assertThat(fetch(eighth.uri(), Optional.empty(), here.with(trust(true))).manifest())
        .map(Manifest::version)
        .hasValue("8");
  }

  private Fetched fetchAt(Instant now, Stored stored, StoreOptions here) {
    try (ReleaseStore store = new ReleaseStore(here.with(trust(false)), () -> now)) {
      return store.fetch(stored.uri(), Optional.empty());
    }
  }

  @Test
  void needsNoStoreForWhatIsHereUnderItsDigest() throws IOException {
    Stored stored = push("tiny", "1", key(ours));
    Optional<String> digest = Optional.of(stored.manifest().sha256());
    StoreOptions here = fresh();
    fetch(stored.uri(), Optional.empty(), here.with(trust(false)));
    for (String suffix : List.of(".onnx", ".manifest", ".sig")) {
      Files.delete(beside(stored, suffix));
    }
    assertThat(fetch(stored.uri(), digest, here).file()).hasBinaryContent(bytes("tiny", "1"));
    assertThat(fetch(stored.uri(), digest, here.with(trust(false))).manifest())
        .contains(stored.manifest());

    // What is here is believed no more than what is there.
    Trust others = new Trust(List.of(SigningKeys.readOpen(open(theirs))), false);
    assertRefused(Reason.SIGNATURE, () -> fetch(stored.uri(), digest, here.with(others)));
    Path manifest = here.cache().resolve(digest.get() + ".manifest");
    Files.writeString(manifest, Files.readString(manifest).replace("bytes: ", "bytes: 1"));
    assertRefused(Reason.SIGNATURE, () -> fetch(stored.uri(), digest, here.with(trust(false))));
    Files.write(here.cache().resolve(digest.get() + ".onnx"), more("tiny", "1"));
    assertThatThrownBy(() -> fetch(stored.uri(), digest, here))
        .hasMessageContaining("there is no release");
  }

  @Test
  void acceptsTheOldAndTheNewKeyWhileOneReplacesTheOther() throws IOException {
    Stored old = push("tiny", "1", key(ours));
    Stored renewed = push("tiny", "2", key(theirs));
    Trust both =
        new Trust(
            List.of(SigningKeys.readOpen(open(ours)), SigningKeys.readOpen(open(theirs))), false);
    StoreOptions options = fresh().with(both);
    assertThat(fetch(old.uri(), Optional.empty(), options).manifest()).isPresent();
    assertThat(fetch(renewed.uri(), Optional.empty(), options).manifest()).isPresent();
  }

  @Test
  void refusesAHundredOfAHundredBitFlips() throws IOException {
    Stored stored = push("tiny", "1", key(ours));
    Random random = new Random(100);
    int refused = 0;
    for (int i = 0; i < 100; i++) {
      // Every part of the release gets its third.
      Path file = beside(stored, List.of(".onnx", ".manifest", ".sig").get(i % 3));
      byte[] honest = Files.readAllBytes(file);
      byte[] flipped = honest.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      try {
        fetch(stored.uri(), Optional.empty(), signed());
      } catch (RefusedException e) {
        refused++;
      }
      Files.write(file, honest);
    }
    assertThat(refused).isEqualTo(100);
    assertThat(fetch(stored.uri(), Optional.empty(), signed()).manifest()).isPresent();
  }

  @Test
  void ordersVersionsAsPeopleCount() {
    assertThat(Stream.of("retrained", "10", "1.10", "2", "1.9", "1").sorted(Versions.ORDER))
        .containsExactly("1", "1.9", "1.10", "2", "10", "retrained");
  }

  @Test
  void writesKeysAsOpensslReadsThem() throws IOException {
    assertThat(Files.readString(ours)).startsWith("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw");
    assertThat(Files.getPosixFilePermissions(ours)).hasSize(2);
    assertThatThrownBy(() -> SigningKeys.generate(ours, open(ours))).hasMessageContaining("ours");
    assertThatThrownBy(() -> SigningKeys.readSecret(open(ours)))
        .hasMessageContaining("holds no PRIVATE KEY");
  }

  private void assertRefused(Reason reason, ThrowingCallable fetch) {
    assertThatThrownBy(fetch)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).as(e.sentence()).isEqualTo(reason));
  }

  private URI storeUri() {
    return folder.resolve("store").toUri();
  }

  private Stored push(String name, String version, Optional<PrivateKey> key) throws IOException {
    try (ReleaseStore store = new ReleaseStore(fresh())) {
      return store.push(storeUri(), write(name, version), gate, key);
    }
  }

  private static Fetched fetch(URI uri, Optional<String> sha256, StoreOptions options) {
    try (ReleaseStore store = new ReleaseStore(options)) {
      return store.fetch(uri, sha256);
    }
  }

  private StoreOptions fresh() {
    return StoreOptions.in(folder.resolve("cache-" + caches++));
  }

  private StoreOptions signed() {
    return fresh().with(trust(false));
  }

  private Trust trust(boolean allowDowngrade) {
    return new Trust(List.of(SigningKeys.readOpen(open(ours))), allowDowngrade);
  }

  private static Path open(Path key) {
    return key.resolveSibling(key.getFileName() + ".pub");
  }

  private static Optional<PrivateKey> key(Path file) {
    return Optional.of(SigningKeys.readSecret(file));
  }

  private static Path beside(Stored stored, String suffix) {
    return Path.of(URI.create(stored.uri().toString().replace(".onnx", suffix)));
  }

  private static byte[] bytes(String name, String version) {
    return Candidates.named(name, version).toBytes();
  }

  /// Another release of the same name and version.
  private static byte[] more(String name, String version) {
    var model = Candidates.named(name, version);
    model.metadata().put("more", "words");
    return model.toBytes();
  }

  private Path write(String name, String version) throws IOException {
    return Files.write(folder.resolve(name + ".onnx"), bytes(name, version));
  }
}
