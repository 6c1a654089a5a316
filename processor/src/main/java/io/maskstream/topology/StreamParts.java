package io.maskstream.topology;

import io.maskstream.inference.Segmenter;

/// What every task of a processor shares.
///
/// @param segmenter owned by whoever opened the stream
record StreamParts(
    StreamSettings settings,
    DecoderFactory decoders,
    Segmenter segmenter,
    FrameLog.Opener logs,
    StreamObserver observer) {}
