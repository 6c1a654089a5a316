package io.maskstream.topology;

import io.maskstream.inference.Segmenter;
import io.maskstream.video.Grid;
import io.maskstream.video.Size;

/// What every task of a processor shares.
///
/// @param segmenter owned by whoever opened the stream
/// @param maskLimit lowered to what the topic takes when the stream starts
record StreamParts(
    StreamSettings settings,
    DecoderFactory decoders,
    Segmenter segmenter,
    FrameLog.Opener logs,
    StreamObserver observer,
    MaskLimit maskLimit) {

  StreamParts(
      StreamSettings settings,
      DecoderFactory decoders,
      Segmenter segmenter,
      FrameLog.Opener logs,
      StreamObserver observer) {
    this(
        settings,
        decoders,
        segmenter,
        logs,
        observer,
        new MaskLimit(settings.limits().maskBytes()));
  }

  /// The frame size of a camera: what the release wants for its picture, or for the size that the
  /// camera is set to.
  Grid grid(String cameraId) {
    Grid ofRelease = segmenter.grid();
    Size wanted = settings.cameraSizes().get(cameraId);
    return wanted == null ? ofRelease : _ -> ofRelease.fit(wanted);
  }
}
