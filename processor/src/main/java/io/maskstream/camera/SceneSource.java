package io.maskstream.camera;

import io.maskstream.camera.Scene.Look;
import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A generated scene as a camera without end; each camera id has a scene of its own.
final class SceneSource implements CameraSource {

  private static final Pattern ADDRESS =
      Pattern.compile("testsrc(?::([0-9]{2,4})x([0-9]{2,4})(?:@([0-9]{1,3}))?)?(:varied)?");
  private static final String USUAL_WIDTH = "640";
  private static final String USUAL_HEIGHT = "360";
  private static final String USUAL_RATE = "15";

  /// Seconds from one keyframe to the next, as cameras have it.
  private static final int GOP_SECONDS = 2;

  private final Session session;
  private final Settings settings;
  private final Cancellation cancellation;
  private final Scene scene;
  private final SceneEncoder encoder;
  private final ArrayDeque<AccessUnit> ready = new ArrayDeque<>();
  private long pictures;

  private SceneSource(
      Session session,
      Settings settings,
      Look look,
      Cancellation cancellation,
      SceneEncoder encoder) {
    this.session = session;
    this.settings = settings;
    this.cancellation = cancellation;
    this.scene = Scene.ofCamera(session.cameraId(), settings.width(), settings.height(), look);
    this.encoder = encoder;
  }

  static CameraSource open(Session session, CameraAddress address, Cancellation cancellation) {
    Settings settings = settings(address);
    Look look = parts(address).group(4) == null ? Look.PLAIN : Look.VARIED;
    return new SceneSource(
        session, settings, look, cancellation, SceneEncoder.open(session, settings));
  }

  /// @throws CameraException if the address is not understood
  static Settings settings(CameraAddress address) {
    Matcher parts = parts(address);
    int rate = Integer.parseInt(part(parts, 3, USUAL_RATE));
    try {
      return Settings.h264(
          Integer.parseInt(part(parts, 1, USUAL_WIDTH)),
          Integer.parseInt(part(parts, 2, USUAL_HEIGHT)),
          rate,
          Math.max(1, GOP_SECONDS * rate));
    } catch (IllegalArgumentException e) {
      throw new CameraException("generated scene " + address + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String sessionId() {
    return session.id();
  }

  @Override
  public SourceFormat format() {
    return new SourceFormat(
        Codec.H264,
        "Constrained Baseline",
        settings.width(),
        settings.height(),
        settings.framesPerSecond(),
        0,
        0,
        0,
        "testsrc",
        false);
  }

  @Override
  public Optional<AccessUnit> next() {
    while (ready.isEmpty() && !cancellation.isCancelled()) {
      double seconds = (double) pictures++ / settings.framesPerSecond();
      ready.addAll(encoder.encode(scene.at(seconds).rgb()));
    }
    return Optional.ofNullable(ready.poll());
  }

  @Override
  public AccessUnit endOfSession() {
    return encoder.endOfSession();
  }

  @Override
  public void close() {
    encoder.close();
  }

  private static Matcher parts(CameraAddress address) {
    Matcher parts = ADDRESS.matcher(address.secret());
    if (!parts.matches()) {
      throw new CameraException(
          "generated scene is not understood: "
              + address
              + "; write testsrc:WIDTHxHEIGHT@FPS, or testsrc:WIDTHxHEIGHT@FPS:varied");
    }
    return parts;
  }

  private static String part(Matcher parts, int group, String usual) {
    return parts.group(group) == null ? usual : parts.group(group);
  }
}
