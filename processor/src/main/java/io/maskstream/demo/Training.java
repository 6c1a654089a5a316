package io.maskstream.demo;

import java.nio.file.Path;
import java.util.function.Consumer;

/// Makes a better release of one that serves.
public interface Training {

  /// How many labelled pictures it wants.
  int pictures();

  /// Returns when the new release is written; an interrupt ends it early.
  ///
  /// @param release to begin with
  /// @param pictures a folder of labelled pictures
  /// @param folder for all that is made
  /// @param notices takes sentences for a person
  /// @return the new release
  Path train(Path release, Path pictures, Path folder, Consumer<String> notices)
      throws InterruptedException;
}
