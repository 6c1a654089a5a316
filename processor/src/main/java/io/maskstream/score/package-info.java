/// How well class maps agree with the truth: the confusion matrix, and the metrics of it.
@NullMarked
package io.maskstream.score;

import org.jspecify.annotations.NullMarked;
