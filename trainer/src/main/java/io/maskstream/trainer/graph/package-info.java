/// ONNX graphs as training wants them: of a recent operator set, with their constants folded and
/// every shape known; what cannot be trained is refused by name.
@NullMarked
package io.maskstream.trainer.graph;

import org.jspecify.annotations.NullMarked;
