/// Reports of how good a net is: tables, JSON, and pictures.
@NullMarked
package io.maskstream.trainer.score;

import org.jspecify.annotations.NullMarked;
