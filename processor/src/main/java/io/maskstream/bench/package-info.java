/// How fast the whole of Maskstream is beside the network alone.
@NullMarked
package io.maskstream.bench;

import org.jspecify.annotations.NullMarked;
