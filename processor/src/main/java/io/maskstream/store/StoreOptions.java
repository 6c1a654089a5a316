package io.maskstream.store;

import io.maskstream.gate.GateLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// How releases are fetched.
///
/// @param cache folder of this machine for what was fetched; grows with every release
/// @param fileBytes that a release may have at most
/// @param trust whose releases are taken
/// @param s3Endpoint of an S3 server that is not Amazon's
/// @param tls whom HTTPS trusts; nothing for whom Java trusts
public record StoreOptions(
    Path cache, long fileBytes, Trust trust, Optional<URI> s3Endpoint, Optional<SSLContext> tls) {

  static final Duration CONNECT = Duration.ofSeconds(10);

  public static StoreOptions in(Path cache) {
    return new StoreOptions(
        cache, GateLimits.STANDARD.fileBytes(), Trust.UNSIGNED, Optional.empty(), Optional.empty());
  }

  public StoreOptions with(Trust other) {
    return new StoreOptions(cache, fileBytes, other, s3Endpoint, tls);
  }

  public StoreOptions withFileBytes(long bytes) {
    return new StoreOptions(cache, bytes, trust, s3Endpoint, tls);
  }

  public StoreOptions withS3(URI endpoint) {
    return new StoreOptions(cache, fileBytes, trust, Optional.of(endpoint), tls);
  }

  public StoreOptions withTls(SSLContext context) {
    return new StoreOptions(cache, fileBytes, trust, s3Endpoint, Optional.of(context));
  }
}
