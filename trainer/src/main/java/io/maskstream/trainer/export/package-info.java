/// Makes releases of trained graphs, and trainable graphs of releases.
@NullMarked
package io.maskstream.trainer.export;

import org.jspecify.annotations.NullMarked;
