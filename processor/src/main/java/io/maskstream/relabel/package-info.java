/// Frames that people should label: chosen among the answers, kept on a topic.
@NullMarked
package io.maskstream.relabel;

import org.jspecify.annotations.NullMarked;
