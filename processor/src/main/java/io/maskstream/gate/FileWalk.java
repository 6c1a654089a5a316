package io.maskstream.gate;

import io.maskstream.gate.Schema.Field;
import io.maskstream.gate.Schema.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Walks once over the bytes of a candidate, without making an object of any of its parts, and
/// refuses what a later reader would choke on, be led away by, or read differently. What it lets
/// through is a whole message of known fields, each at most as often as it should be, with all its
/// numbers in it.
///
/// Two readers of protobuf may differ on what is malformed or there twice; so that is refused here.
final class FileWalk {

  /// Messages within messages; an attribute's graph takes four of them.
  private static final int MAX_MESSAGES_DEEP = 64;

  /// A part of two bytes becomes an object of a hundred.
  private static final int MAX_PARTS = 1_000_000;

  private final byte[] bytes;
  private final String source;
  private final GateLimits limits;
  private int at;
  private int parts;
  private int nodes;
  private int graphs;
  private int attributes;
  private int initializers;
  private int operatorSets;
  private int metadata;
  private long constantBytes;
  private String node = "";

  FileWalk(byte[] bytes, String source, GateLimits limits) {
    this.bytes = bytes;
    this.source = source;
    this.limits = limits;
  }

  void walk() {
    message(Schema.MODEL, bytes.length, 0, 0);
  }

  /// Attributes of all nodes.
  int attributes() {
    return attributes;
  }

  /// Constants of the outermost graph, and of those within it.
  int initializers() {
    return initializers;
  }

  int operatorSets() {
    return operatorSets;
  }

  int metadataEntries() {
    return metadata;
  }

  /// @param depth of messages
  /// @param graph depth of graphs
  private void message(Schema schema, int end, int depth, int graph) {
    if (depth > MAX_MESSAGES_DEEP) {
      throw refused(
          Reason.NESTING,
          "nests messages more than " + MAX_MESSAGES_DEEP + " deep at byte " + at,
          "export the model again without nested graphs");
    }
    if (++parts > MAX_PARTS) {
      throw refused(
          Reason.TOO_MANY_PARTS,
          "consists of more than " + MAX_PARTS + " parts",
          "simplify it, with onnxsim for instance");
    }
    TensorWalk tensor = schema == Schema.TENSOR ? new TensorWalk(this) : null;
    int begin = at;
    long seen = 0;
    while (at < end) {
      long tag = varint(end);
      Field field = tag >>> 3 > 64 ? null : schema.field((int) (tag >>> 3));
      if (field == null) {
        throw malformed("holds an unknown field " + (tag >>> 3) + " in a " + name(schema));
      }
      int wire = (int) tag & 7;
      if (!field.repeated()) {
        if ((seen & 1L << field.number()) != 0) {
          throw malformed("holds field " + field.name(schema) + " twice");
        }
        seen |= 1L << field.number();
      }
      value(schema, field, wire, end, depth, graph, tensor);
    }
    if (at != end) {
      throw malformed("is cut off in a " + name(schema));
    }
    leave(schema, begin, tensor);
  }

  private void value(
      Schema schema,
      Field field,
      int wire,
      int end,
      int depth,
      int graph,
      @Nullable TensorWalk tensor) {
    switch (wire) {
      case 0 -> {
        expect(schema, field, field.kind() == Kind.VARINT);
        long number = varint(end);
        if (tensor != null) {
          tensor.number(field, number);
        }
      }
      case 5, 1 -> {
        expect(schema, field, field.kind() == (wire == 5 ? Kind.FIXED32 : Kind.FIXED64));
        skip(wire == 5 ? 4 : 8, end);
        if (tensor != null) {
          tensor.counted(field, 1);
        }
      }
      case 2 -> {
        int length = length(end);
        if (field.message() != null) {
          enter(schema, field, length, tensor);
          message(
              field.message(),
              at + length,
              depth + 1,
              field.message() == Schema.GRAPH ? deeper(graph) : graph);
        } else if (field.kind() == Kind.BYTES) {
          text(schema, field, length);
          if (tensor != null) {
            tensor.bytes(field, at, length);
          }
          at += length;
        } else {
          expect(schema, field, field.repeated());
          packed(field, at + length, tensor);
        }
      }
      default -> throw malformed("holds wire type " + wire + " in a " + name(schema));
    }
  }

  private void packed(Field field, int end, @Nullable TensorWalk tensor) {
    if (field.kind() == Kind.VARINT) {
      while (at < end) {
        long number = varint(end);
        if (tensor != null) {
          tensor.number(field, number);
        }
      }
      return;
    }
    int width = field.kind() == Kind.FIXED32 ? 4 : 8;
    if ((end - at) % width != 0) {
      throw malformed("holds numbers that are cut off");
    }
    if (tensor != null) {
      tensor.counted(field, (end - at) / width);
    }
    at = end;
  }

  private int deeper(int graph) {
    if (++graphs > limits.nodes() || graph + 1 > limits.depth()) {
      throw refused(
          Reason.NESTING,
          "nests graphs more than " + limits.depth() + " deep at node " + node,
          "export it without control flow, or raise the gate's depth");
    }
    return graph + 1;
  }

  /// What must be counted before it is read.
  private void enter(Schema schema, Field field, int length, @Nullable TensorWalk tensor) {
    Schema entered = field.message();
    if (entered == Schema.NODE) {
      nodes++;
      node = "number " + nodes;
      if (nodes > limits.nodes()) {
        throw refused(
            Reason.TOO_MANY_PARTS,
            "has more than " + limits.nodes() + " nodes",
            "simplify it, with onnxsim for instance, or raise the gate's nodes");
      }
    } else if (entered == Schema.ATTRIBUTE) {
      attributes++;
    } else if (entered == Schema.TENSOR && schema == Schema.GRAPH) {
      initializers++;
    } else if (entered == Schema.OPERATOR_SET) {
      operatorSets++;
    } else if (entered == Schema.ENTRY && schema == Schema.MODEL) {
      metadata++;
    } else if (entered == Schema.ENTRY && schema == Schema.TENSOR && field.number() == 13) {
      throw external(
          tensor == null ? "" : tensor.name(),
          new String(bytes, at, Math.min(length, 200), StandardCharsets.ISO_8859_1));
    } else if (entered == Schema.CONFIGURATION || entered == Schema.SEGMENT) {
      throw malformed("holds a " + name(entered) + ", which no release has");
    } else if (entered == Schema.OTHER_TYPE) {
      throw refused(
          Reason.TENSOR,
          "has a value that is no tensor but a sequence, map, optional or sparse one",
          "export it with tensors only");
    }
  }

  /// @param where what the tensor says of the other file
  RefusedException external(String tensor, String where) {
    return refused(
        Reason.EXTERNAL_DATA,
        "keeps the numbers of the tensor \""
            + tensor
            + "\" in another file"
            + (where.isEmpty() ? "" : ": " + where.replaceAll("[^ -~]+", " ").strip()),
        "save it as one file: onnx.save_model(onnx.load(PATH), PATH, "
            + "save_as_external_data=False)");
  }

  /// Holds the rules on names of domains and operators.
  private void text(Schema schema, Field field, int length) {
    if (schema == Schema.NODE && field.number() == 3 && length > 0) {
      node = said(length);
    }
    boolean domain =
        schema == Schema.NODE && field.number() == 7
            || schema == Schema.OPERATOR_SET && field.number() == 1;
    if (domain && length > 0 && !said(length).equals("ai.onnx")) {
      throw refused(
          Reason.DOMAIN,
          "uses the operator domain "
              + said(length)
              + (schema == Schema.NODE ? " at node " + node : ""),
          "export it with operators of ONNX's own set only");
    }
    if (schema == Schema.NODE && field.number() == 4) {
      String operator = said(length);
      if (Operators.CONTROL_FLOW.contains(operator)) {
        if (!limits.controlFlow()) {
          throw refused(
              Reason.CONTROL_FLOW,
              "runs other graphs by " + operator + " at node " + node + ", which may never end",
              "export it without control flow, or allow it to the gate");
        }
      } else if (!Operators.ALLOWED.contains(operator)) {
        throw refused(
            Reason.OPERATOR,
            "uses the operator " + operator + " at node " + node + ", which is not on the list",
            "export it with other operators, or ask for this one to be allowed");
      }
    }
  }

  private String said(int length) {
    String text = new String(bytes, at, Math.min(length, 100), StandardCharsets.UTF_8);
    return text.replaceAll("\\p{Cntrl}", "?") + (length > 100 ? "..." : "");
  }

  /// What is refused whole, but only after a look inside: data in other files is told first.
  private void leave(Schema schema, int begin, @Nullable TensorWalk tensor) {
    switch (schema) {
      case TENSOR -> {
        if (tensor != null) {
          constantBytes += tensor.leave();
        }
        if (constantBytes > limits.initializerBytes()) {
          throw refused(
              Reason.INITIALIZER_BYTES,
              "has constants of more than " + limits.initializerBytes() + " bytes",
              "export it in 16 bits, or raise the gate's initializer bytes");
        }
      }
      case SPARSE ->
          throw refused(
              Reason.SPARSE_TENSOR,
              "holds a sparse tensor at byte " + begin,
              "export it with dense ones");
      case TRAINING ->
          throw refused(
              Reason.TRAINING_STATE, "holds training state", "export it for inference only");
      case FUNCTION ->
          throw refused(
              Reason.FUNCTION,
              "defines operators of its own",
              "inline its functions: onnx.inliner.inline_local_functions(MODEL)");
      case MODEL,
          GRAPH,
          NODE,
          ATTRIBUTE,
          SEGMENT,
          VALUE,
          TYPE,
          TENSOR_TYPE,
          OTHER_TYPE,
          SHAPE,
          DIMENSION,
          OPERATOR_SET,
          ENTRY,
          ANNOTATION,
          CONFIGURATION -> {}
    }
  }

  private void expect(Schema schema, Field field, boolean right) {
    if (!right) {
      throw malformed("holds field " + field.name(schema) + " as another kind of number");
    }
  }

  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw malformed("is cut off in a number");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("holds a number of more than 64 bits");
  }

  private int length(int end) {
    long length = varint(end);
    if (length < 0 || length > end - at) {
      throw malformed("is cut off: a part says " + length + " bytes, " + (end - at) + " are left");
    }
    return (int) length;
  }

  private void skip(int count, int end) {
    if (end - at < count) {
      throw malformed("is cut off in a number");
    }
    at += count;
  }

  byte[] file() {
    return bytes;
  }

  RefusedException malformed(String what) {
    return refused(
        Reason.NOT_ONNX, what + " (byte " + at + " of " + bytes.length + ")", "fetch it again");
  }

  RefusedException refused(Reason reason, String what, String remedy) {
    return new RefusedException(reason, source + " " + what + "; " + remedy);
  }

  private static String name(Schema schema) {
    return schema.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
