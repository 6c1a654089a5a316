package io.maskstream.gate;

/// Why a candidate is refused, for machines; the sentence beside it is for people.
public enum Reason {
  // Of its file, by the gate.
  EMPTY,
  FILE_SIZE,
  NOT_ONNX,
  NESTING,
  TOO_MANY_PARTS,
  EXTERNAL_DATA,
  SPARSE_TENSOR,
  TRAINING_STATE,
  FUNCTION,
  DOMAIN,
  OPERATOR,
  CONTROL_FLOW,
  IR_VERSION,
  OPSET,
  TENSOR,
  INITIALIZER_BYTES,
  INTERMEDIATE_BYTES,
  // Of its contract, by the gate.
  INPUT,
  OUTPUT,
  OUTPUT_SIZE,
  CLASSES,
  METADATA,
  // Of where it comes from, by the store.
  MANIFEST,
  DIGEST,
  SIGNATURE,
  OLDER_VERSION,
  // Of what it does, by the proof.
  LOAD,
  RUN,
  MEMORY,
  DEADLINE,
  CRASH,
  NOT_A_NUMBER,
  GOLDEN_FRAMES,
  BATCH,
  BUDGET
}
