package io.maskstream.inference;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.maskstream.release.NotANumberWatch;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One lane to a release in ONNX Runtime: the buffers that its runs, one at a time, use again and
/// again. Lanes share the network and run side by side. Owned by one thread at a time; only [#stop]
/// may be called from another. The lane that is closed last closes the network.
///
/// Frames go in without being copied where the caller's buffer holds the whole batch; class maps
/// are written by ONNX Runtime straight into a buffer of the session's, from which each is copied
/// once into its record.
final class OnnxSession implements AutoCloseable {

  /// The sizes of what comes out for frames of one size.
  private record Shapes(Size classes, @Nullable Size confidence) {}

  /// Sizes whose outputs are remembered; cameras have few.
  private static final int REMEMBERED = 64;

  private static final Logger LOG = LoggerFactory.getLogger(OnnxSession.class);

  private final ReleaseFile release;
  private final OrtSession session;
  private final Provider provider;
  private final AtomicInteger lanes;
  private final RunGuard guard;
  private final Map<Size, Shapes> shapes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Size, Shapes> eldest) {
          return size() > REMEMBERED;
        }
      };
  private ByteBuffer input = ByteBuffer.allocateDirect(0);
  private ByteBuffer classes = ByteBuffer.allocateDirect(0);
  private ByteBuffer confidence = ByteBuffer.allocateDirect(0);

  /// Whether each frame had scores that are no numbers; used only where the graph is watched.
  private ByteBuffer notNumbers = ByteBuffer.allocateDirect(0);

  private final boolean watched;
  private @Nullable Shapes last;

  private OnnxSession(ReleaseFile release, Sessions.Open open, AtomicInteger lanes) {
    this.release = release;
    session = open.session();
    provider = open.provider();
    watched = session.getOutputNames().contains(NotANumberWatch.OUTPUT);
    this.lanes = lanes;
    try {
      guard = new RunGuard();
    } catch (OrtException e) {
      throw new InferenceException("release " + release + " cannot be served", e);
    }
    lanes.incrementAndGet();
  }

  /// Loads a release.
  ///
  /// @return as many lanes as the settings want on the provider that is at work
  static List<OnnxSession> open(ReleaseFile release, InferenceSettings settings) {
    Sessions.Open open = openWatched(release, settings);
    AtomicInteger lanes = new AtomicInteger();
    return Stream.generate(() -> new OnnxSession(release, open, lanes))
        .limit(settings.runsOn(open.provider()))
        .toList();
  }

  /// With the watch for NaN, unless the provider has no kernels for that.
  private static Sessions.Open openWatched(ReleaseFile release, InferenceSettings settings) {
    String what = "release " + release;
    Optional<byte[]> watched = NotANumberWatch.of(release);
    if (watched.isPresent()) {
      try {
        return Sessions.open(watched.get(), what, settings);
      } catch (InferenceException e) {
        LOG.debug("{} is opened without a watch for NaN: {}", what, e.getMessage());
      }
    }
    return Sessions.open(release.graph(), what, settings);
  }

  Provider provider() {
    return provider;
  }

  /// The session's own buffer for a batch, empty and ready to be filled.
  ByteBuffer input(Size size, int batch) {
    input = grown(input, Math.multiplyExact(batch, Math.toIntExact(size.pixels() * 3)));
    return input.clear().limit(batch * (int) size.pixels() * 3);
  }

  /// Runs a batch; its results lie in the session until the next run.
  ///
  /// @param pixels of batch frames, one after the other; direct
  void run(ByteBuffer pixels, Size size, int batch, Duration deadline) {
    long[] shape = {batch, size.height(), size.width(), 3};
    try (OnnxTensor frames =
        OnnxTensor.createTensor(Sessions.environment(), pixels, shape, OnnxJavaType.UINT8)) {
      Shapes known = shapes.get(size);
      if (known == null) {
        shapes.put(size, last = firstRun(frames, batch, deadline));
      } else {
        run(frames, batch, known, deadline);
        last = known;
      }
    } catch (OrtException e) {
      throw new InferenceException(
          guard.wasLate()
              ? "run took longer than "
                  + deadline.toMillis()
                  + " ms and was ended: release="
                  + release
                  + " size="
                  + size
                  + " batch="
                  + batch
                  + "; raise inference.deadline.ms, or take a smaller net"
              : "run failed: release="
                  + release
                  + " size="
                  + size
                  + " batch="
                  + batch
                  + ": "
                  + e.getMessage(),
          e);
    }
  }

  private void run(OnnxTensor frames, int batch, Shapes known, Duration deadline)
      throws OrtException {
    Map<String, OnnxTensor> outputs = new LinkedHashMap<>();
    classes = grown(classes, batch * (int) known.classes().pixels());
    outputs.put(ReleaseFile.CLASSES, pinned(classes, known.classes(), batch));
    if (known.confidence() != null) {
      confidence = grown(confidence, batch * (int) known.confidence().pixels());
      outputs.put(ReleaseFile.CONFIDENCE, pinned(confidence, known.confidence(), batch));
    }
    if (watched) {
      notNumbers = grown(notNumbers, batch);
      outputs.put(NotANumberWatch.OUTPUT, pinned(notNumbers, batch));
    }
    try {
      var options = guard.begin(deadline);
      session.run(Map.of(ReleaseFile.INPUT, frames), Set.<String>of(), outputs, options).close();
    } finally {
      guard.end();
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor pinned(ByteBuffer buffer, Size size, int batch) throws OrtException {
    return pinned(buffer, batch, size.height(), size.width());
  }

  private static OnnxTensor pinned(ByteBuffer buffer, long... shape) throws OrtException {
    long bytes = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ByteBuffer exact = buffer.clear().limit(Math.toIntExact(bytes));
    return OnnxTensor.createTensor(Sessions.environment(), exact, shape, OnnxJavaType.UINT8);
  }

  /// The first run for a size finds out how large its outputs are.
  private Shapes firstRun(OnnxTensor frames, int batch, Duration deadline) throws OrtException {
    var options = guard.begin(deadline);
    try (OrtSession.Result result = session.run(Map.of(ReleaseFile.INPUT, frames), options)) {
      guard.end();
      OnnxTensor map = (OnnxTensor) result.get(ReleaseFile.CLASSES).orElseThrow();
      Size mapSize = sizeOf(map, ReleaseFile.CLASSES, batch);
      classes = filled(classes, map);
      if (watched) {
        notNumbers =
            filled(notNumbers, (OnnxTensor) result.get(NotANumberWatch.OUTPUT).orElseThrow());
      }
      if (!release.hasConfidence()) {
        return new Shapes(mapSize, null);
      }
      OnnxTensor winning = (OnnxTensor) result.get(ReleaseFile.CONFIDENCE).orElseThrow();
      Size winningSize = sizeOf(winning, ReleaseFile.CONFIDENCE, batch);
      confidence = filled(confidence, winning);
      return new Shapes(mapSize, winningSize);
    } finally {
      guard.end();
    }
  }

  private Size sizeOf(OnnxTensor output, String name, int batch) {
    long[] shape = ((TensorInfo) output.getInfo()).getShape();
    if (shape.length != 3 || shape[0] != batch) {
      throw new InferenceException(
          "release "
              + release
              + " gives "
              + name
              + Arrays.toString(shape)
              + " for a batch of "
              + batch
              + "; package it again");
    }
    return new Size(Math.toIntExact(shape[2]), Math.toIntExact(shape[1]));
  }

  private static ByteBuffer filled(ByteBuffer buffer, OnnxTensor output) {
    ByteBuffer values = output.getByteBuffer();
    ByteBuffer room = grown(buffer, values.remaining());
    room.clear().put(values);
    return room;
  }

  private static ByteBuffer grown(ByteBuffer buffer, int bytes) {
    return buffer.capacity() >= bytes ? buffer : ByteBuffer.allocateDirect(bytes);
  }

  /// The class map of frame i of the last run.
  ClassMap classMap(int i) {
    Shapes sizes = last;
    if (sizes == null) {
      throw new IllegalStateException("nothing has been run");
    }
    Size winning = sizes.confidence();
    return new ClassMap(
        sizes.classes(),
        copy(classes, i, sizes.classes()),
        winning == null ? null : new ClassMap.Confidence(winning, copy(confidence, i, winning)));
  }

  /// Whether frame i of the last run had scores that are no numbers, so that its class map says
  /// nothing. Never for a graph without scores.
  boolean notANumber(int i) {
    return watched && notNumbers.get(i) != 0;
  }

  private static byte[] copy(ByteBuffer buffer, int i, Size size) {
    byte[] bytes = new byte[(int) size.pixels()];
    buffer.get(i * bytes.length, bytes);
    return bytes;
  }

  /// Ends the present run and refuses others; for any thread.
  void stop() {
    guard.stop();
  }

  @Override
  public void close() {
    guard.close();
    try {
      if (lanes.decrementAndGet() == 0) {
        session.close();
      }
    } catch (OrtException e) {
      throw new InferenceException("session of " + release + " could not be closed", e);
    }
  }
}
