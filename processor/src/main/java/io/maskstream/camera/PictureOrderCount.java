package io.maskstream.camera;

/// Counts that rise in order of presentation, for [PictureOrder]. Not thread-safe.
interface PictureOrderCount extends AutoCloseable {

  /// The count of the access unit just read.
  long of(byte[] unit);

  @Override
  default void close() {}
}
