package io.maskstream.onnx;

import io.maskstream.onnx.proto.TensorShapeProto;
import io.maskstream.onnx.proto.TypeProto;
import io.maskstream.onnx.proto.ValueInfoProto;
import java.util.List;
import java.util.stream.Collectors;

/// An input or output of a graph: a name with a type and, where known, a shape. Immutable.
public final class OnnxValue {

  private final ValueInfoProto proto;

  OnnxValue(ValueInfoProto proto) {
    this.proto = proto;
  }

  /// A tensor with a shape.
  public OnnxValue(String name, OnnxType type, List<OnnxDimension> shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (OnnxDimension dimension : shape) {
      TensorShapeProto.Dimension.Builder written = dimensions.addDimBuilder();
      if (dimension.isFixed()) {
        written.setDimValue(dimension.size());
      } else if (!dimension.name().isEmpty()) {
        written.setDimParam(dimension.name());
      }
    }
    proto =
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder()
                            .setElemType(type.number())
                            .setShape(dimensions)))
            .build();
  }

  /// A tensor whose shape is for ONNX Runtime to find out.
  public static OnnxValue ofUnknownShape(String name, OnnxType type) {
    TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder().setElemType(type.number()).build();
    return new OnnxValue(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(tensor))
            .build());
  }

  public String name() {
    return proto.getName();
  }

  /// The type of the elements; [OnnxType#UNDEFINED] where it is no tensor.
  public OnnxType type() {
    return OnnxType.of(proto.getType().getTensorType().getElemType());
  }

  /// Whether the number of axes is known.
  public boolean hasShape() {
    return proto.getType().getTensorType().hasShape();
  }

  /// The axes; empty for a scalar, and where [#hasShape] is false.
  public List<OnnxDimension> shape() {
    return proto.getType().getTensorType().getShape().getDimList().stream()
        .map(dimension ->
            dimension.hasDimValue() && dimension.getDimValue() >= 0
                ? OnnxDimension.fixed(dimension.getDimValue())
                : OnnxDimension.free(dimension.getDimParam()))
        .toList();
  }

  public OnnxValue withName(String name) {
    return new OnnxValue(proto.toBuilder().setName(name).build());
  }

  /// The same value, marked with one of ONNX's type denotations, such as `IMAGE`.
  public OnnxValue withDenotation(String denotation) {
    ValueInfoProto.Builder marked = proto.toBuilder();
    marked.getTypeBuilder().setDenotation(denotation);
    return new OnnxValue(marked.build());
  }

  ValueInfoProto proto() {
    return proto;
  }

  /// Such as `frames: uint8[N,360,480,3]`.
  @Override
  public String toString() {
    String shape =
        hasShape()
            ? shape().stream()
                .map(OnnxDimension::toString)
                .collect(Collectors.joining(",", "[", "]"))
            : "[unknown shape]";
    return name() + ": " + type() + shape;
  }
}
