/// The stream: access units in, masks and statistics out, exactly once. The only package that knows
/// Kafka Streams.
@NullMarked
package io.maskstream.topology;

import org.jspecify.annotations.NullMarked;
