package io.maskstream.painting;

import io.maskstream.wire.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// File names from ids that anyone may have chosen: never a path, never two ids under one name.
public final class SafeName {

  private static final int LONGEST = 64;

  private SafeName() {}

  /// `camera_session_sequence_pts`, without an ending.
  public static String of(Identity identity) {
    return "%s_%s_%d_%d"
        .formatted(
            of(identity.cameraId()), of(identity.sessionId()), identity.sequence(), identity.pts());
  }

  /// The id itself where it holds nothing but letters, digits, dashes and inner dots of ASCII.
  /// Otherwise other characters become dashes, and a part of its SHA-256 tells it from others.
  public static String of(String id) {
    String safe = id.replaceAll("[^A-Za-z0-9.-]|^\\.", "-");
    if (safe.equals(id) && id.length() <= LONGEST) {
      return id;
    }
    return safe.substring(0, Math.min(safe.length(), LONGEST)) + "-" + digest(id);
  }

  private static String digest(String id) {
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
