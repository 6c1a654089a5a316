/// Candidates that run beside the release in force on a share of its frames: how far they agree,
/// how they do, and by which rules a release that goes bad is taken back.
@NullMarked
package io.maskstream.shadow;

import org.jspecify.annotations.NullMarked;
