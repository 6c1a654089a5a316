/// The main job in one process, for a first look.
@NullMarked
package io.maskstream.demo;

import org.jspecify.annotations.NullMarked;
