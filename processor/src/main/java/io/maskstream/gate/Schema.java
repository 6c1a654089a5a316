package io.maskstream.gate;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The messages of an ONNX file and their fields by number, as of IR version 13 (onnx.proto of the
/// ONNX project). What stands in a file beyond these is refused, not skipped: another reader might
/// know it.
enum Schema {
  MODEL,
  GRAPH,
  NODE,
  ATTRIBUTE,
  TENSOR,
  SEGMENT,
  SPARSE,
  VALUE,
  TYPE,
  TENSOR_TYPE,
  OTHER_TYPE,
  SHAPE,
  DIMENSION,
  OPERATOR_SET,
  ENTRY,
  FUNCTION,
  TRAINING,
  ANNOTATION,
  CONFIGURATION;

  enum Kind {
    VARINT,
    FIXED32,
    FIXED64,
    BYTES,
    MESSAGE
  }

  /// @param repeated whether it may stand there twice; numbers may then also be packed
  /// @param message of a field that is one
  record Field(int number, Kind kind, boolean repeated, @Nullable Schema message) {

    String name(Schema of) {
      return of.name().toLowerCase(Locale.ROOT) + "." + number;
    }
  }

  private final Map<Integer, Field> fields = new HashMap<>();

  @Nullable Field field(int number) {
    return fields.get(number);
  }

  private Schema put(Kind kind, boolean repeated, @Nullable Schema message, int... numbers) {
    for (int number : numbers) {
      fields.put(number, new Field(number, kind, repeated, message));
    }
    return this;
  }

  private Schema numbers(int... numbers) {
    return put(Kind.VARINT, false, null, numbers);
  }

  private Schema texts(int... numbers) {
    return put(Kind.BYTES, false, null, numbers);
  }

  private Schema textLists(int... numbers) {
    return put(Kind.BYTES, true, null, numbers);
  }

  private Schema one(Schema message, int... numbers) {
    return put(Kind.MESSAGE, false, message, numbers);
  }

  private Schema many(Schema message, int... numbers) {
    return put(Kind.MESSAGE, true, message, numbers);
  }

  static {
    MODEL.numbers(1, 5).texts(2, 3, 4, 6).one(GRAPH, 7).many(OPERATOR_SET, 8).many(ENTRY, 14);
    MODEL.many(TRAINING, 20).many(FUNCTION, 25).many(CONFIGURATION, 26);
    GRAPH.many(NODE, 1).texts(2, 10).many(TENSOR, 5).many(VALUE, 11, 12, 13);
    GRAPH.many(ANNOTATION, 14).many(SPARSE, 15).many(ENTRY, 16);
    NODE.textLists(1, 2).texts(3, 4, 6, 7, 8).many(ATTRIBUTE, 5).many(ENTRY, 9);
    NODE.many(CONFIGURATION, 10);
    ATTRIBUTE.texts(1, 4, 13, 21).put(Kind.FIXED32, false, null, 2).numbers(3, 20);
    ATTRIBUTE.one(TENSOR, 5).one(GRAPH, 6).put(Kind.FIXED32, true, null, 7);
    ATTRIBUTE.put(Kind.VARINT, true, null, 8).textLists(9).many(TENSOR, 10).many(GRAPH, 11);
    ATTRIBUTE.one(TYPE, 14).many(TYPE, 15).one(SPARSE, 22).many(SPARSE, 23);
    TENSOR.put(Kind.VARINT, true, null, 1, 5, 7, 11).numbers(2, 14).one(SEGMENT, 3);
    TENSOR.put(Kind.FIXED32, true, null, 4).textLists(6).texts(8, 9, 12);
    TENSOR.put(Kind.FIXED64, true, null, 10).many(ENTRY, 13, 16);
    SEGMENT.numbers(1, 2);
    SPARSE.one(TENSOR, 1, 2).put(Kind.VARINT, true, null, 3);
    VALUE.texts(1, 3).one(TYPE, 2).many(ENTRY, 4);
    TYPE.one(TENSOR_TYPE, 1).one(OTHER_TYPE, 4, 5, 7, 8, 9).texts(6);
    TENSOR_TYPE.numbers(1).one(SHAPE, 2);
    SHAPE.many(DIMENSION, 1);
    DIMENSION.numbers(1).texts(2, 3);
    OPERATOR_SET.texts(1).numbers(2);
    ENTRY.texts(1, 2);
    FUNCTION.texts(1, 8, 10, 13).textLists(4, 5, 6).many(NODE, 7).many(OPERATOR_SET, 9);
    FUNCTION.many(ATTRIBUTE, 11).many(VALUE, 12).many(ENTRY, 14);
    TRAINING.one(GRAPH, 1, 2).many(ENTRY, 3, 4);
    ANNOTATION.texts(1).many(ENTRY, 2);
  }
}
