package io.maskstream.store;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import java.security.PublicKey;
import java.util.List;
import java.util.stream.Collectors;

/// Whose releases are taken.
///
/// @param keys any of which may have signed; several while one is being replaced by the next; none
///   if releases need not be signed
/// @param allowDowngrade whether a version may be older than the latest that was taken here, though
///   it was never taken here itself
public record Trust(List<PublicKey> keys, boolean allowDowngrade) {

  /// Takes what is not signed; its digest alone decides.
  public static final Trust UNSIGNED = new Trust(List.of(), true);

  public Trust {
    keys = List.copyOf(keys);
  }

  public boolean wantsSignature() {
    return !keys.isEmpty();
  }

  /// @param signature empty if there is none
  void check(byte[] manifest, byte[] signature, String source) {
    if (!wantsSignature()) {
      return;
    }
    if (signature.length == 0) {
      throw new RefusedException(
          Reason.SIGNATURE,
          "the release "
              + source
              + " is not signed, and keys are configured; push it with: maskstream model push "
              + "--key FILE");
    }
    if (keys.stream().noneMatch(key -> SigningKeys.isSignedBy(key, manifest, signature))) {
      throw new RefusedException(
          Reason.SIGNATURE,
          "the signature of the release "
              + source
              + " is by none of the accepted keys "
              + keys.stream().map(SigningKeys::fingerprint).collect(Collectors.joining(", "))
              + ", or of another manifest; push it again with one of them, or accept its key");
    }
  }
}
