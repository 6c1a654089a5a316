/// The processor put together: release, decoders, stream, metrics, opened and closed in order.
@NullMarked
package io.maskstream.service;

import org.jspecify.annotations.NullMarked;
