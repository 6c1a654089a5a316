package io.maskstream.trainer.data;

import java.nio.file.Path;

/// How the files of a data set lie in folders.
interface Layout {

  /// Whether a folder looks like it.
  boolean isAt(Path root, String split);

  /// @throws LabelledSetException if the split or files are missing
  LabelledSet open(Wanted wanted);
}
