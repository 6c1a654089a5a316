/// Labelled pictures: read from folders or generated, augmented, and gathered into batches.
@NullMarked
package io.maskstream.trainer.data;

import org.jspecify.annotations.NullMarked;
