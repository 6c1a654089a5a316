/// The output topics from the reader's side, and what they hold.
@NullMarked
package io.maskstream.topics;

import org.jspecify.annotations.NullMarked;
