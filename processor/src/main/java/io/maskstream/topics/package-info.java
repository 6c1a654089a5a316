/// The topics: what they must be like, and what lies in them. Knows the Kafka clients.
@NullMarked
package io.maskstream.topics;

import org.jspecify.annotations.NullMarked;
