package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.nio.file.Path;
import java.util.function.Function;

/// Where the labels of one picture come from.
///
/// @param file that holds them, perhaps with those of other pictures
/// @param reader of the file; thread-safe
record Labels(Path file, Function<Path, ClassPicture> reader) {

  /// An image file of class ids.
  static Labels image(Path file, LabelValues values) {
    return new Labels(file, from -> LabelFile.read(from, values));
  }

  /// A variable of a MATLAB file.
  static Labels matlab(Path file, String variable, LabelValues values) {
    return new Labels(file, from -> MatlabFile.labels(from, variable, values));
  }

  /// @throws LabelledSetException if the file cannot be read or has a value that means nothing
  ClassPicture read() {
    return reader.apply(file);
  }
}
