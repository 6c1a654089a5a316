package io.maskstream.topology;

/// What every task of a processor shares.
///
/// @param releases owned by whoever opened the stream
/// @param maskLimit lowered to what the topic takes when the stream starts
record StreamParts(
    StreamSettings settings,
    DecoderFactory decoders,
    Releases releases,
    FrameLog.Opener logs,
    StreamObserver observer,
    MaskLimit maskLimit) {

  StreamParts(
      StreamSettings settings,
      DecoderFactory decoders,
      Releases releases,
      FrameLog.Opener logs,
      StreamObserver observer) {
    this(
        settings, decoders, releases, logs, observer, new MaskLimit(settings.limits().maskBytes()));
  }
}
