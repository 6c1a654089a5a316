/// The table of topics and how a cluster is brought to it; knows Kafka's admin client.
@NullMarked
package io.maskstream.topics;

import org.jspecify.annotations.NullMarked;
