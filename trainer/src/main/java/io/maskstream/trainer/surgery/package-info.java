/// Changes networks: a classifier becomes an FCN, a segmentation net gets other classes.
@NullMarked
package io.maskstream.trainer.surgery;

import org.jspecify.annotations.NullMarked;
