/// The mask codec: class maps to [io.maskstream.proto.v1.Mask] messages and back.
@NullMarked
package io.maskstream.proto;

import org.jspecify.annotations.NullMarked;
