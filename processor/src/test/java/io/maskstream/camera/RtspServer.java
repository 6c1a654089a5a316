package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A network camera of one H.264 track: RTSP 1.0 (RFC 2326) with RTP interleaved on the same
/// connection (RFC 6184, packetization mode 1), and one RTCP sender report that tells its clock.
/// After its last picture it either falls silent or hangs up.
final class RtspServer implements AutoCloseable {

  private static final int MOST_PAYLOAD = 1400;
  private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;
  private static final int RTP_CLOCK = 90_000;

  /// RTP times begin anywhere but at 0 (RFC 3550 5.1), which FFmpeg takes for none.
  private static final int RTP_BEGIN = 123_456;

  private final ServerSocket listener;
  private final List<AccessUnit> units;
  private final Instant cameraClock;
  private final boolean hangsUp;
  private final List<Socket> open = new ArrayList<>();
  private int sequence;

  /// @param cameraClock when the first picture is taken, as the camera says
  RtspServer(List<AccessUnit> units, Instant cameraClock, boolean hangsUp) {
    this.units = units;
    this.cameraClock = cameraClock;
    this.hangsUp = hangsUp;
    try {
      listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("rtsp-server").start(this::serve);
  }

  CameraAddress address() {
    return CameraAddress.of("rtsp://user:s3cret@127.0.0.1:" + listener.getLocalPort() + "/live");
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = listener.accept();
        open.add(socket);
        Thread.ofPlatform().daemon().name("rtsp-camera").start(() -> talk(socket));
      }
    } catch (IOException _) {
      // Closed by the test.
    }
  }

  private void talk(Socket socket) {
    try {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      var out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        String request = in.readLine();
        if (request == null) {
          return;
        }
        String cseq = "0";
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          if (line.toLowerCase(java.util.Locale.ROOT).startsWith("cseq:")) {
            cseq = line.substring(5).strip();
          }
        }
        String method = request.split(" ")[0];
        answer(out, method, cseq);
        if (method.equals("PLAY")) {
          play(out);
          if (hangsUp) {
            socket.close();
            return;
          }
        }
      }
    } catch (IOException _) {
      // The client has gone.
    }
  }

  private void answer(DataOutputStream out, String method, String cseq) throws IOException {
    String head = "RTSP/1.0 200 OK\r\nCSeq: " + cseq + "\r\n";
    String rest =
        switch (method) {
          case "OPTIONS" -> "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n";
          case "DESCRIBE" -> {
            String sdp = sdp();
            yield "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(sdp.length(), sdp);
          }
          case "SETUP" ->
              "Session: 7\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0000002A\r\n\r\n";
          default -> "Session: 7\r\n\r\n";
        };
    out.write((head + rest).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private String sdp() {
    var base64 = Base64.getEncoder();
    List<byte[]> first = nals(units.getFirst());
    String sets = base64.encodeToString(first.get(0)) + "," + base64.encodeToString(first.get(1));
    return String.join(
        "\r\n",
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=camera",
        "t=0 0",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/" + RTP_CLOCK,
        "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=" + sets,
        "a=control:track1",
        "");
  }

  private void play(DataOutputStream out) throws IOException {
    send(out, 1, senderReport());
    for (AccessUnit unit : units) {
      var identity = unit.identity();
      int timestamp =
          RTP_BEGIN + (int) (identity.pts() * RTP_CLOCK / identity.timeBase().denominator());
      List<byte[]> nals = nals(unit);
      for (int i = 0; i < nals.size(); i++) {
        nal(out, nals.get(i), timestamp, i == nals.size() - 1);
      }
    }
    out.flush();
  }

  /// RFC 3550 6.4.1: the camera's clock at the first picture.
  private byte[] senderReport() {
    long fraction = ((long) cameraClock.getNano() << 32) / 1_000_000_000L;
    return ByteBuffer.allocate(28)
        .putShort((short) 0x80c8)
        .putShort((short) 6)
        .putInt(42)
        .putInt((int) (cameraClock.getEpochSecond() + NTP_TO_UNIX_SECONDS))
        .putInt((int) fraction)
        .putInt(RTP_BEGIN)
        .putInt(0)
        .putInt(0)
        .array();
  }

  /// One packet, or fragments of type 28 (FU-A, RFC 6184 5.8).
  private void nal(DataOutputStream out, byte[] nal, int timestamp, boolean last)
      throws IOException {
    if (nal.length <= MOST_PAYLOAD) {
      rtp(out, ByteBuffer.wrap(nal), timestamp, last);
      return;
    }
    for (int at = 1; at < nal.length; at += MOST_PAYLOAD) {
      int bytes = Math.min(MOST_PAYLOAD, nal.length - at);
      boolean end = at + bytes == nal.length;
      ByteBuffer fragment = ByteBuffer.allocate(bytes + 2);
      fragment.put((byte) (nal[0] & 0xe0 | 28));
      fragment.put((byte) (nal[0] & 31 | (at == 1 ? 0x80 : 0) | (end ? 0x40 : 0)));
      fragment.put(nal, at, bytes).flip();
      rtp(out, fragment, timestamp, last && end);
    }
  }

  private void rtp(DataOutputStream out, ByteBuffer payload, int timestamp, boolean marker)
      throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(12 + payload.remaining());
    packet.put((byte) 0x80).put((byte) (96 | (marker ? 0x80 : 0)));
    packet.putShort((short) sequence++).putInt(timestamp).putInt(42).put(payload);
    send(out, 0, packet.array());
  }

  /// RFC 2326 10.12.
  private static void send(DataOutputStream out, int channel, byte[] packet) throws IOException {
    out.writeByte('$');
    out.writeByte(channel);
    out.writeShort(packet.length);
    out.write(packet);
  }

  private static List<byte[]> nals(AccessUnit unit) {
    byte[] bytes = Reading.bytes(unit);
    List<byte[]> nals = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i + 3 <= bytes.length; i++) {
      if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) {
        if (begin >= 0) {
          int end = bytes[i - 1] == 0 ? i - 1 : i;
          nals.add(java.util.Arrays.copyOfRange(bytes, begin, end));
        }
        begin = i + 3;
      }
    }
    nals.add(java.util.Arrays.copyOfRange(bytes, begin, bytes.length));
    return nals;
  }
}
