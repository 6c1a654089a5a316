package io.maskstream.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Any S3 server; `s3://bucket/key`. Credentials, region and profile are found as by every AWS tool
/// (environment, `~/.aws`, the machine's role).
final class S3Transport implements Transport {

  private final S3Client client;

  /// @param endpoint of a server that is not Amazon's; it is then asked by path, and region and
  ///   newer checksums do not matter to it
  S3Transport(Optional<URI> endpoint) {
    S3ClientBuilder builder = S3Client.builder().httpClient(UrlConnectionHttpClient.create());
    if (endpoint.isPresent()) {
      builder
          .endpointOverride(endpoint.get())
          .region(Region.US_EAST_1)
          .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
          .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
          .serviceConfiguration(
              S3Configuration.builder()
                  .pathStyleAccessEnabled(true)
                  .chunkedEncodingEnabled(false)
                  .build());
    }
    try {
      client = builder.build();
    } catch (SdkException e) {
      throw new StoreException("s3: cannot be used: " + e.getMessage() + "; set AWS_REGION", e);
    }
  }

  private static String bucket(URI place) {
    String bucket = place.getHost() == null ? place.getAuthority() : place.getHost();
    if (bucket == null || bucket.isEmpty()) {
      throw new StoreException("s3 address has no bucket: " + place + "; write s3://BUCKET/FOLDER");
    }
    return bucket;
  }

  private static String key(URI place) {
    return place.getPath().replaceFirst("^/+", "");
  }

  @Override
  public Optional<InputStream> open(URI place) throws IOException {
    try {
      var object = client.getObject(request -> request.bucket(bucket(place)).key(key(place)));
      // Closing alone would read what is left of a file that is too large.
      return Optional.of(
          new FilterInputStream(object) {
            @Override
            public void close() {
              object.abort();
            }
          });
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  @Override
  public void put(URI place, Path file) throws IOException {
    try {
      client.putObject(
          request -> request.bucket(bucket(place)).key(key(place)), RequestBody.fromFile(file));
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  @Override
  public List<String> names(URI folder) throws IOException {
    String prefix = key(folder);
    try {
      return client
          .listObjectsV2Paginator(
              request -> request.bucket(bucket(folder)).prefix(prefix).delimiter("/"))
          .contents()
          .stream()
          .map(object -> object.key().substring(prefix.length()))
          .toList();
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  private static IOException failed(SdkException e) {
    String what =
        e instanceof S3Exception answer
            ? "the S3 server answers " + answer.statusCode() + ": " + answer.getMessage()
            : String.valueOf(e.getMessage());
    return new IOException(what, e);
  }

  @Override
  public void close() {
    client.close();
  }
}
