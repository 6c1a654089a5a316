/// Class maps to areas, boxes and means: of one frame, and of a window of time.
@NullMarked
package io.maskstream.statistics;

import org.jspecify.annotations.NullMarked;
