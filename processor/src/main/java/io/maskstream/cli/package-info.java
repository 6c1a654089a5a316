/// The command line: one class per command, registered in [Main].
@NullMarked
package io.maskstream.cli;

import org.jspecify.annotations.NullMarked;
