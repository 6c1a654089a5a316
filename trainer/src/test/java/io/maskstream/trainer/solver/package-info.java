@org.jspecify.annotations.NullMarked
package io.maskstream.trainer.solver;
