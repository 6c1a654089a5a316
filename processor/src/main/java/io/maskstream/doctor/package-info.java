/// Looks whether everything that the processor stands on is well, and says what to do where it is
/// not. Changes nothing.
@NullMarked
package io.maskstream.doctor;

import org.jspecify.annotations.NullMarked;
