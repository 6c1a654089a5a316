package io.maskstream.trainer.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Which pictures of a data set are wanted.
///
/// @param root the folder
/// @param split such as train or val; empty for all that is there
/// @param modalities what its pictures are made of
/// @param values what the values in label files mean; null for what is usual in the layout
record Wanted(Path root, String split, Modalities modalities, @Nullable LabelValues values) {

  LabelValues valuesOr(LabelValues usual) {
    return values == null ? usual : values;
  }
}
