/// Whether the bytes of a candidate may become a release that is served: checked in Java, before
/// any native library sees one of them.
@NullMarked
package io.maskstream.gate;

import org.jspecify.annotations.NullMarked;
