package io.maskstream.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Any web server. Redirects are not followed: they would lead from the address that was given to
/// one that was not.
final class HttpsTransport implements Transport {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client;

  HttpsTransport(HttpClient client) {
    this.client = client;
  }

  @Override
  public Optional<InputStream> open(URI place) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(place).timeout(PATIENCE).build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + place + " answers");
    }
    if (response.statusCode() == 200) {
      return Optional.of(response.body());
    }
    response.body().close();
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    throw new IOException(
        "the server answers "
            + response.statusCode()
            + (response.statusCode() / 100 == 3 ? ", a redirect, which is not followed" : ""));
  }

  @Override
  public void put(URI place, Path file) {
    throw new StoreException(
        "https: is for reading; push to the file: or s3: place that the server gives out: "
            + place);
  }

  @Override
  public List<String> names(URI folder) {
    throw new StoreException(
        "a web server cannot be asked what it has; list the file: or s3: place that it gives out: "
            + folder);
  }

  @Override
  public void close() {
    client.close();
  }
}
