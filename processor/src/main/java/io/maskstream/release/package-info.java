/// Model releases: graphs that take frames as they are and give class maps. Knows ONNX files, and
/// no library that runs them.
@NullMarked
package io.maskstream.release;

import org.jspecify.annotations.NullMarked;
