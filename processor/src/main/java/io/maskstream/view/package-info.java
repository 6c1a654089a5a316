/// The cameras with their masks in a web browser: one stream for all, and a page that paints it.
@NullMarked
package io.maskstream.view;

import org.jspecify.annotations.NullMarked;
