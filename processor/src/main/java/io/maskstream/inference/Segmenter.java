package io.maskstream.inference;

import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Turns frames into class maps. Thread-safe.
public interface Segmenter extends AutoCloseable {

  /// The frame size that the release wants.
  Grid grid();

  /// Names of the classes by id.
  List<String> classNames();

  /// Takes the frame over and closes it when its pixels have been read. Never blocks: whoever
  /// submits bounds what is in flight.
  ///
  /// @return completes on a thread of the segmenter, exceptionally with [InferenceException] if the
  ///   network failed on this very frame
  CompletableFuture<Segmented> submit(Frame frame);

  @Override
  void close();
}
