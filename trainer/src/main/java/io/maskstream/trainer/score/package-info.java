/// How good a net is: the confusion matrix, the metrics of it, and reports.
@NullMarked
package io.maskstream.trainer.score;

import org.jspecify.annotations.NullMarked;
