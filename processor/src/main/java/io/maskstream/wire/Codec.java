package io.maskstream.wire;

/// How the bytes of an access unit are coded.
public enum Codec {
  H264,
  HEVC,
  MJPEG,
  VP8,
  VP9,
  AV1,
  MPEG4,
  MPEG2,
  PNG
}
