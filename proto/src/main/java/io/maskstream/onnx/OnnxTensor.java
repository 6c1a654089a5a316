package io.maskstream.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.maskstream.onnx.proto.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A constant array of a graph, row-major. Immutable.
public final class OnnxTensor {

  /// Without elements where they are drawn.
  private final TensorProto proto;

  private final Optional<Supplier<DoubleSupplier>> drawn;

  OnnxTensor(TensorProto proto) {
    this(proto, Optional.empty());
  }

  private OnnxTensor(TensorProto proto, Optional<Supplier<DoubleSupplier>> drawn) {
    this.proto = proto;
    this.drawn = drawn;
  }

  public static OnnxTensor ofFloats(String name, long[] shape, float... values) {
    ByteBuffer raw = raw(shape, values.length, Float.BYTES);
    raw.asFloatBuffer().put(values);
    return of(name, OnnxType.FLOAT, shape, raw);
  }

  /// Copies the rest of a buffer; for arrays that need not be on the heap twice.
  public static OnnxTensor ofFloats(String name, long[] shape, FloatBuffer values) {
    ByteBuffer raw = raw(shape, values.remaining(), Float.BYTES);
    raw.asFloatBuffer().put(values);
    return of(name, OnnxType.FLOAT, shape, raw);
  }

  public static OnnxTensor ofLongs(String name, long[] shape, long... values) {
    ByteBuffer raw = raw(shape, values.length, Long.BYTES);
    raw.asLongBuffer().put(values);
    return of(name, OnnxType.INT64, shape, raw);
  }

  /// A vector of integers, as axes, pads and shapes are written.
  public static OnnxTensor ofVector(String name, long... values) {
    return ofLongs(name, new long[] {values.length}, values);
  }

  /// One number everywhere.
  public static OnnxTensor ofFilled(String name, long[] shape, float value) {
    int count = Math.toIntExact(elements(shape));
    ByteBuffer raw = raw(shape, count, Float.BYTES);
    for (int i = 0; i < count; i++) {
      raw.putFloat(i * Float.BYTES, value);
    }
    return of(name, OnnxType.FLOAT, shape, raw);
  }

  /// Numbers that take no memory until somebody asks for them, and none afterwards.
  ///
  /// @param numbers begins the row of elements, the same one every time
  public static OnnxTensor ofDrawn(String name, long[] shape, Supplier<DoubleSupplier> numbers) {
    return new OnnxTensor(described(name, OnnxType.FLOAT, shape).build(), Optional.of(numbers));
  }

  private static ByteBuffer raw(long[] shape, int count, int bytes) {
    if (elements(shape) != count) {
      throw new IllegalArgumentException(
          "tensor of shape "
              + Arrays.toString(shape)
              + " wants "
              + elements(shape)
              + " values, got "
              + count);
    }
    return ByteBuffer.allocate(count * bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static OnnxTensor of(String name, OnnxType type, long[] shape, ByteBuffer raw) {
    // Nobody else holds the buffer, and large weights are not to be there twice.
    ByteString data = UnsafeByteOperations.unsafeWrap(raw.rewind());
    return new OnnxTensor(described(name, type, shape).setRawData(data).build());
  }

  private static TensorProto.Builder described(String name, OnnxType type, long[] shape) {
    TensorProto.Builder written = TensorProto.newBuilder().setName(name).setDataType(type.number());
    for (long size : shape) {
      written.addDims(size);
    }
    return written;
  }

  public String name() {
    return proto.getName();
  }

  public OnnxType type() {
    return OnnxType.of(proto.getDataType());
  }

  public long[] shape() {
    return proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  /// The number of elements.
  public long size() {
    return elements(shape());
  }

  private static long elements(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /// The elements of a float32, float16 or float64 tensor.
  public float[] floats() {
    return drawn.isPresent() ? filled().floatsThere() : floatsThere();
  }

  private float[] floatsThere() {
    float[] values = new float[count()];
    switch (type()) {
      case FLOAT -> {
        if (proto.hasRawData()) {
          raw().asFloatBuffer().get(values);
        } else {
          copy(proto.getFloatDataList(), values);
        }
      }
      case DOUBLE -> {
        if (proto.hasRawData()) {
          ByteBuffer raw = raw();
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) raw.getDouble();
          }
        } else {
          copy(proto.getDoubleDataList(), values);
        }
      }
      case FLOAT16 -> {
        ByteBuffer raw = proto.hasRawData() ? raw() : null;
        for (int i = 0; i < values.length; i++) {
          values[i] = halfToFloat(raw == null ? (short) proto.getInt32Data(i) : raw.getShort());
        }
      }
      default -> throw wrongType("floating-point numbers");
    }
    return values;
  }

  /// The elements of a float32, float16 or float64 tensor, to be read; a view where the file has
  /// them as they are.
  public FloatBuffer floatBuffer() {
    if (drawn.isPresent()) {
      return filled().floatBuffer();
    }
    boolean asTheyAre = type() == OnnxType.FLOAT && proto.hasRawData();
    return asTheyAre && count() > 0
        ? raw().asFloatBuffer()
        : FloatBuffer.wrap(floats()).asReadOnlyBuffer();
  }

  /// The elements of a tensor of integers or booleans.
  public long[] longs() {
    long[] values = new long[count()];
    ByteBuffer raw = proto.hasRawData() ? raw() : null;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type()) {
            case INT64 -> raw == null ? proto.getInt64Data(i) : raw.getLong();
            case INT32 -> raw == null ? proto.getInt32Data(i) : raw.getInt();
            case UINT32 ->
                raw == null ? proto.getUint64Data(i) : Integer.toUnsignedLong(raw.getInt());
            case INT16 -> raw == null ? proto.getInt32Data(i) : raw.getShort();
            case UINT16 ->
                raw == null ? proto.getInt32Data(i) : Short.toUnsignedInt(raw.getShort());
            case INT8 -> raw == null ? proto.getInt32Data(i) : raw.get();
            case UINT8, BOOL -> raw == null ? proto.getInt32Data(i) : Byte.toUnsignedInt(raw.get());
            default -> throw wrongType("integers");
          };
    }
    return values;
  }

  public OnnxTensor withName(String name) {
    return new OnnxTensor(proto.toBuilder().setName(name).build(), drawn);
  }

  /// The same row-major elements under another shape.
  public OnnxTensor withShape(long... shape) {
    if (elements(shape) != size()) {
      throw new IllegalArgumentException(
          "tensor " + this + " does not fill the shape " + Arrays.toString(shape));
    }
    TensorProto.Builder written = proto.toBuilder().clearDims();
    for (long side : shape) {
      written.addDims(side);
    }
    return new OnnxTensor(written.build(), drawn);
  }

  private static void copy(List<? extends Number> from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from.get(i).floatValue();
    }
  }

  private int count() {
    long count = size();
    long held =
        proto.hasRawData()
            ? proto.getRawData().size() / Math.max(1, type().bytes())
            : Math.max(
                Math.max(proto.getFloatDataCount(), proto.getInt32DataCount()),
                Math.max(
                    Math.max(proto.getInt64DataCount(), proto.getDoubleDataCount()),
                    proto.getUint64DataCount()));
    if (count != held) {
      throw new OnnxException(
          "tensor "
              + name()
              + " has shape "
              + Arrays.toString(shape())
              + " but "
              + held
              + " elements; export the model again");
    }
    return Math.toIntExact(count);
  }

  private ByteBuffer raw() {
    return proto.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// IEEE 754 binary16; Float.float16ToFloat came with Java 20, this module is for 17.
  private static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float tiny = fraction * 0x1p-24f;
      return sign == 0 ? tiny : -tiny;
    }
    int bits = exponent == 31 ? 0x7f800000 : (exponent + 112) << 23;
    return Float.intBitsToFloat(sign | bits | fraction << 13);
  }

  private OnnxException wrongType(String wanted) {
    return new OnnxException("tensor " + name() + " holds " + type() + ", not " + wanted);
  }

  private OnnxTensor filled() {
    DoubleSupplier numbers = drawn.orElseThrow().get();
    ByteBuffer raw = ByteBuffer.allocate(Math.toIntExact(size() * Float.BYTES));
    raw.order(ByteOrder.LITTLE_ENDIAN);
    while (raw.hasRemaining()) {
      raw.putFloat((float) numbers.getAsDouble());
    }
    return of(name(), OnnxType.FLOAT, shape(), raw);
  }

  TensorProto proto() {
    return drawn.isPresent() ? filled().proto() : proto;
  }

  /// Such as `conv1_w: float32[64,3,3,3]`.
  @Override
  public String toString() {
    return name()
        + ": "
        + type()
        + Arrays.stream(shape())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(",", "[", "]"));
  }
}
