/// The processor's configuration: its keys, where their values come from, and what they mean.
@NullMarked
package io.maskstream.config;

import org.jspecify.annotations.NullMarked;
