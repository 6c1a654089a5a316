/// Where releases lie (files, HTTPS, S3), how they are signed, and how one is fetched so that it is
/// the one that was meant.
@NullMarked
package io.maskstream.store;

import org.jspecify.annotations.NullMarked;
