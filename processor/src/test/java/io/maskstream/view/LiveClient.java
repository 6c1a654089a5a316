package io.maskstream.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;

/// Reads the live stream by its description, with nothing of the code that writes it.
final class LiveClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final DataInputStream in;

  LiveClient(String address) throws IOException, InterruptedException {
    InputStream body =
        http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofInputStream())
            .body();
    in = new DataInputStream(body);
  }

  record Received(JsonNode header, byte[] data, byte[] mask, byte[] candidate) {

    boolean isPicture() {
      return header.get("kind").asText().equals("picture");
    }

    long pts() {
      return header.get("pts").asLong();
    }

    /// The number that the bits at the top of a mask say.
    static int told(byte[] classes, int width) {
      int number = 0;
      for (int bit = 0; bit < TellingCameras.BITS; bit++) {
        int center = TellingCameras.BLOCK * bit + TellingCameras.BLOCK / 2;
        number |=
            classes[TellingCameras.BLOCK / 2 * width + center] == TellingCameras.ONE ? 1 << bit : 0;
      }
      return number;
    }

    /// The pixels of the mask, or of the candidate's.
    byte[] classes(String which) {
      JsonNode about = header.get(which);
      byte[] coded = which.equals("mask") ? mask : candidate;
      byte[] classes = new byte[about.get("width").asInt() * about.get("height").asInt()];
      int runs = about.get("runs").asInt();
      int at = runs;
      int position = 0;
      for (int run = 0; run < runs; run++) {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
          int next = coded[at++];
          length |= (next & 127) << shift;
          if (next >= 0) {
            break;
          }
        }
        Arrays.fill(classes, position, position + length, coded[run]);
        position += length;
      }
      if (position != classes.length || at != coded.length) {
        throw new AssertionError("runs do not fill the mask: " + about);
      }
      return classes;
    }
  }

  Received next() throws IOException {
    byte[] message = new byte[in.readInt()];
    in.readFully(message);
    DataInputStream parts = new DataInputStream(new ByteArrayInputStream(message));
    byte[] header = parts.readNBytes(parts.readInt());
    JsonNode json = JSON.readTree(header);
    Received received =
        new Received(
            json,
            parts.readNBytes(json.path("data").asInt()),
            parts.readNBytes(json.path("mask").path("bytes").asInt()),
            parts.readNBytes(json.path("candidate").path("bytes").asInt()));
    if (parts.available() != 0) {
      throw new AssertionError("message has more than its header names: " + json);
    }
    return received;
  }

  Received nextPicture() throws IOException {
    Received next = next();
    while (!next.isPicture()) {
      next = next();
    }
    return next;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
