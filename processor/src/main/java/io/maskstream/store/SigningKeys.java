package io.maskstream.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Ed25519 keys as PEM files, as `openssl genpkey -algorithm ed25519` writes them: PKCS #8 for the
/// key that signs, X.509 for the one that is accepted.
public final class SigningKeys {

  private static final String ALGORITHM = "Ed25519";

  private SigningKeys() {}

  /// Makes a pair and writes both, never over a file that is there.
  ///
  /// @param secret for the owner's eyes only
  public static void generate(Path secret, Path open) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      if (secret.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            secret,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(secret);
      }
      Files.writeString(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      Files.writeString(
          open, pem("PUBLIC KEY", pair.getPublic().getEncoded()), StandardOpenOption.CREATE_NEW);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has Ed25519", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the keys " + secret + ", " + open + ": " + e, e);
    }
  }

  /// Reads the key that signs.
  ///
  /// @throws StoreException if the file is none
  public static PrivateKey readSecret(Path file) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(decoded(file, "PRIVATE KEY")));
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          file + " is no Ed25519 key; make one: maskstream model keygen --out FILE", e);
    }
  }

  /// Reads a key that is accepted.
  ///
  /// @throws StoreException if the file is none
  public static PublicKey readOpen(Path file) {
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePublic(new X509EncodedKeySpec(decoded(file, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          file + " is no Ed25519 public key; take the .pub that model keygen wrote", e);
    }
  }

  private static String pem(String kind, byte[] encoded) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
        + "\n-----END "
        + kind
        + "-----\n";
  }

  private static byte[] decoded(Path file, String kind) {
    String begin = "-----BEGIN " + kind + "-----";
    String end = "-----END " + kind + "-----";
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new StoreException("cannot read the key " + file + ": " + e, e);
    }
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new StoreException(file + " holds no " + kind + " in PEM; it should begin " + begin);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to).strip());
    } catch (IllegalArgumentException e) {
      throw new StoreException(file + " holds a damaged " + kind, e);
    }
  }

  static byte[] sign(PrivateKey key, byte[] text) {
    try {
      java.security.Signature signature = java.security.Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(text);
      return Base64.getEncoder().encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new StoreException("cannot sign: " + e.getMessage(), e);
    }
  }

  /// @param signed base64, exactly as [#sign] gives it: no other spelling of the same bytes
  static boolean isSignedBy(PublicKey key, byte[] text, byte[] signed) {
    try {
      java.security.Signature signature = java.security.Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      byte[] decoded = Base64.getDecoder().decode(signed);
      return Arrays.equals(Base64.getEncoder().encode(decoded), signed)
          && signature.verify(decoded);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /// Eight digits by which people tell keys apart.
  static String fingerprint(PublicKey key) {
    return HexFormat.of().formatHex(Arrays.copyOf(Digests.sha256(key.getEncoded()), 4));
  }
}
