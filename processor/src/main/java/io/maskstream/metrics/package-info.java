/// What the processor tells of itself: metrics and health over HTTP. The only package that knows
/// Micrometer.
@NullMarked
package io.maskstream.metrics;

import org.jspecify.annotations.NullMarked;
