/// A Kafka broker in this process, for the demo, the bench and the tests. The only package that
/// knows Kafka's server.
@NullMarked
package io.maskstream.broker;

import org.jspecify.annotations.NullMarked;
