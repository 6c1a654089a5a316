package io.maskstream.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.TensorInfo;
import io.maskstream.release.GraphRunner;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Runs any graph on the CPU, for packaging. Every run has a deadline.
public final class OrtGraphRunner implements GraphRunner {

  private static final Duration DEADLINE = Duration.ofMinutes(1);

  @Override
  public Running open(byte[] graph, String what) {
    InferenceSettings settings = InferenceSettings.standard().withProvider(Provider.CPU);
    return new OrtRunning(Sessions.open(graph, what, settings).session(), what);
  }

  private record OrtRunning(OrtSession session, String what) implements Running {

    @Override
    public Map<String, Tensor> run(String input, Tensor value) {
      try (RunGuard guard = new RunGuard();
          OnnxTensor fed = tensor(input, value)) {
        RunOptions options = guard.begin(DEADLINE);
        try (OrtSession.Result result = session.run(Map.of(input, fed), options)) {
          Map<String, Tensor> outputs = new LinkedHashMap<>();
          result.forEach(output -> {
            if (output.getValue() instanceof OnnxTensor tensor) {
              outputs.put(output.getKey(), read(tensor));
            }
          });
          return outputs;
        } finally {
          guard.end();
        }
      } catch (OrtException e) {
        throw new InferenceException(what + " does not run: " + e.getMessage(), e);
      }
    }

    private OnnxTensor tensor(String input, Tensor value) throws OrtException {
      boolean half =
          Optional.ofNullable(session.getInputInfo().get(input)).map(NodeInfo::getInfo).orElse(null)
                  instanceof TensorInfo known
              && known.type == OnnxJavaType.FLOAT16;
      var environment = Sessions.environment();
      return switch (value) {
        case Tensor.Floats(long[] shape, float[] values) when half ->
            OnnxTensor.createTensor(
                environment, ShortBuffer.wrap(halves(values)), shape, OnnxJavaType.FLOAT16);
        case Tensor.Floats(long[] shape, float[] values) ->
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        case Tensor.Longs(long[] shape, long[] values) ->
            OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
        case Tensor.Bytes(long[] shape, byte[] values) ->
            OnnxTensor.createTensor(
                environment, ByteBuffer.wrap(values), shape, OnnxJavaType.UINT8);
      };
    }

    private static short[] halves(float[] values) {
      short[] halves = new short[values.length];
      for (int i = 0; i < values.length; i++) {
        halves[i] = Float.floatToFloat16(values[i]);
      }
      return halves;
    }

    private Tensor read(OnnxTensor tensor) {
      TensorInfo known = (TensorInfo) tensor.getInfo();
      long[] shape = known.getShape();
      return switch (known.type) {
        case FLOAT, FLOAT16 -> {
          FloatBuffer buffer = tensor.getFloatBuffer();
          float[] values = new float[buffer.remaining()];
          buffer.get(values);
          yield new Tensor.Floats(shape, values);
        }
        case INT64 -> {
          LongBuffer buffer = tensor.getLongBuffer();
          long[] values = new long[buffer.remaining()];
          buffer.get(values);
          yield new Tensor.Longs(shape, values);
        }
        case INT32 -> {
          IntBuffer buffer = tensor.getIntBuffer();
          long[] values = new long[buffer.remaining()];
          for (int i = 0; i < values.length; i++) {
            values[i] = buffer.get();
          }
          yield new Tensor.Longs(shape, values);
        }
        case UINT8, INT8, BOOL -> {
          ByteBuffer buffer = tensor.getByteBuffer();
          byte[] values = new byte[buffer.remaining()];
          buffer.get(values);
          yield new Tensor.Bytes(shape, values);
        }
        default ->
            throw new InferenceException(
                what
                    + " gives "
                    + known
                    + "; only float32, float16, int32, int64, uint8, int8 "
                    + "and bool outputs can be read");
      };
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (OrtException e) {
        throw new InferenceException("session of " + what + " could not be closed", e);
      }
    }
  }
}
