/// The command `train`.
@NullMarked
package io.maskstream.trainer.cli;

import org.jspecify.annotations.NullMarked;
