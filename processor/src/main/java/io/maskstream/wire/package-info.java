/// The messages on the topics as records, and their bytes. The only package that knows protobuf.
@NullMarked
package io.maskstream.wire;

import org.jspecify.annotations.NullMarked;
