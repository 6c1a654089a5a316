/// Bits of coded video, as cameras and decoders both read them.
@NullMarked
package io.maskstream.bitstream;

import org.jspecify.annotations.NullMarked;
