/// Access units to frames. Knows FFmpeg's avcodec and swscale, no container and no network.
@NullMarked
package io.maskstream.video;

import org.jspecify.annotations.NullMarked;
