package io.maskstream.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.NodeProto;
import io.maskstream.onnx.proto.TensorProto;
import io.maskstream.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {

  @TempDir Path folder;

  private static OnnxModel small() {
    OnnxModel model = OnnxModel.create("small", 13);
    model.graph().setInputs(new OnnxValue("x", OnnxType.FLOAT, List.of(OnnxDimension.free("N"))));
    model.graph().append(new OnnxNode("Relu", List.of("x"), "y"));
    model
        .graph()
        .setOutputs(List.of(new OnnxValue("y", OnnxType.FLOAT, List.of(OnnxDimension.free("N")))));
    return model;
  }

  @Test
  void isWrittenAndReadBack() {
    OnnxModel model = small();
    model.metadata().put("key", "value");
    Path file = folder.resolve("small.onnx");
    model.write(file);
    OnnxModel read = OnnxModel.read(file);
    assertThat(read.opset()).isEqualTo(13);
    assertThat(read.irVersion()).isEqualTo(7);
    assertThat(read.metadata()).containsEntry("key", "value");
    assertThat(read.graph().nodes()).hasToString("[Relu(x) -> y]");
    assertThat(read.graph().inputs()).hasToString("[x: float32[N]]");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void writesNothingWhenTheGraphIsWrong() {
    OnnxModel model = small();
    model.graph().append(new OnnxNode("Add", List.of("y", "nobody"), "z"));
    Path file = folder.resolve("wrong.onnx");
    assertThatThrownBy(() -> model.write(file)).hasMessageContaining("reads nobody");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatItDoesNotKnowSurvives() throws IOException {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                4242,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("of a later ONNX"))
                    .build())
            .build();
    ModelProto.Builder proto = ModelProto.parseFrom(small().toBytes()).toBuilder();
    proto.setUnknownFields(later);
    proto.getGraphBuilder().setUnknownFields(later);
    proto.getGraphBuilder().getNodeBuilder(0).setUnknownFields(later);
    proto.getGraphBuilder().getInputBuilder(0).setUnknownFields(later);
    ModelProto written = proto.build();
    byte[] again = OnnxModel.read(written.toByteArray(), "later").toBytes();
    assertThat(ModelProto.parseFrom(again)).isEqualTo(written);
  }

  @Test
  void realFilesSurviveReadingAndWriting() throws IOException {
    Path models = Path.of(System.getProperty("maskstream.shared", "shared"), "models");
    assumeThat(models).as("no real material at %s; see shared/data", models).exists();
    try (Stream<Path> files = Files.list(models)) {
      for (Path file : files.toList()) {
        ModelProto before = ModelProto.parseFrom(Files.readAllBytes(file));
        OnnxModel model = OnnxModel.read(file);
        model.graph().check();
        assertThat(ModelProto.parseFrom(model.toBytes()).equals(before))
            .as(file.getFileName().toString())
            .isTrue();
      }
    }
  }

  @Test
  void saysWhatAFileIsThatIsNone() throws IOException {
    assertRefused("", "is empty", "fetch or export it again");
    assertRefused("<!DOCTYPE html>\n<html><body>404</body></html>", "a web page", "raw");
    assertRefused("  <html lang=\"en\">", "a web page", "raw");
    assertRefused("version https://git-lfs.github.com/spec/v1\noid", "Git LFS", "git lfs pull");
    assertRefused("{\"error\": \"not found\"}", "JSON", "error");
    assertRefused("PK\u0003\u0004rest", "ZIP archive", "unpack");
    assertThatThrownBy(() -> OnnxModel.read(folder.resolve("absent.onnx")))
        .hasMessageContaining("there is no file");
  }

  private void assertRefused(String content, String what, String remedy) throws IOException {
    Path file = Files.writeString(folder.resolve("net.onnx"), content);
    assertThatThrownBy(() -> OnnxModel.read(file))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("net.onnx")
        .hasMessageContaining(what)
        .hasMessageContaining(remedy);
  }

  @Test
  void refusesWhatNoArrayHolds() throws IOException {
    Path file = folder.resolve("huge.onnx");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 31);
    }
    assertThatThrownBy(() -> OnnxModel.read(file))
        .hasMessageContaining("huge.onnx has 2147483648 bytes")
        .hasMessageContaining("16 bits");
  }

  @Test
  void saysWhenAFileIsCutOff() {
    OnnxModel model = small();
    model.graph().add(OnnxTensor.ofFloats("w", new long[] {500}, new float[500]));
    byte[] whole = model.toBytes();
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(() -> OnnxModel.read(half, "net.onnx"))
        .hasMessageContaining("cut off after " + half.length + " bytes");
  }

  @Test
  void randomBytesAreRefusedAndNothingElseHappens() {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> OnnxModel.read(noise, "noise")).isInstanceOf(OnnxException.class);
    }
  }

  @Test
  void damagedFilesAreReadOrRefusedAndNothingElseHappens() {
    byte[] whole = small().toBytes();
    Random random = new Random(6);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        OnnxModel.read(damaged, "damaged").toBytes();
      } catch (OnnxException expected) {
        assertThat(expected).hasMessageContaining("damaged");
      }
    }
  }

  @Test
  void refusesNumbersKeptInAnotherFileWhereverTheyAreNamed() {
    TensorProto outside =
        TensorProto.newBuilder()
            .setName("secret")
            .setDataType(1)
            .addDims(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .build();
    GraphProto.Builder initializer = graph().addInitializer(outside);
    AttributeProto constant = AttributeProto.newBuilder().setName("value").setT(outside).build();
    GraphProto.Builder attribute = graph();
    attribute.addNodeBuilder().setOpType("Constant").addOutput("c").addAttribute(constant);
    GraphProto.Builder body = graph();
    body.addNodeBuilder()
        .setOpType("If")
        .addAttribute(AttributeProto.newBuilder().setName("then_branch").setG(attribute));
    GraphProto.Builder sparse = graph();
    sparse.addSparseInitializerBuilder().setValues(outside);
    for (GraphProto.Builder graph : List.of(initializer, attribute, body, sparse)) {
      byte[] bytes = ModelProto.newBuilder().setGraph(graph).build().toByteArray();
      assertThatThrownBy(() -> OnnxModel.read(bytes, "net.onnx"))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("tensor secret in another file")
          .hasMessageContaining("save_as_external_data=False");
    }
  }

  private static GraphProto.Builder graph() {
    return ModelProto.newBuilder(protoOf(small())).getGraphBuilder().clone();
  }

  private static ModelProto protoOf(OnnxModel model) {
    try {
      return ModelProto.parseFrom(model.toBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void refusesGraphsNestedWithoutEnd() {
    GraphProto graph =
        GraphProto.newBuilder().addOutput(ValueInfoProto.getDefaultInstance()).build();
    for (int depth = 0; depth < 300; depth++) {
      graph =
          graph.toBuilder()
              .clearNode()
              .addNode(
                  NodeProto.newBuilder()
                      .addAttribute(AttributeProto.newBuilder().setName("body").setG(graph)))
              .build();
    }
    byte[] bytes = ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    assertThatThrownBy(() -> OnnxModel.read(bytes, "deep")).isInstanceOf(OnnxException.class);
  }

  @Test
  void drawnNumbersAreMadeWhenTheyAreAskedForAndAreTheSameEachTime() {
    int[] rows = {0};
    long[] huge = {1L << 20, 1L << 10};
    OnnxTensor unmade =
        OnnxTensor.ofDrawn(
            "huge",
            huge,
            () -> {
              throw new AssertionError("asked for");
            });
    assertThat(unmade.withName("other").withShape(1L << 30).size()).isEqualTo(1L << 30);
    OnnxModel large = small();
    large.graph().add(unmade);
    assertThat(large.copy().graph().constant("huge").orElseThrow().shape()).isEqualTo(huge);

    OnnxTensor drawn =
        OnnxTensor.ofDrawn(
            "drawn",
            new long[] {2, 2},
            () -> {
              rows[0]++;
              double[] next = {0.5};
              return () -> next[0]++;
            });
    OnnxModel model = small();
    model.graph().add(drawn.withShape(4));
    assertThat(rows[0]).isZero();
    byte[] written = model.toBytes();
    assertThat(rows[0]).isEqualTo(1);
    OnnxTensor read = OnnxModel.read(written, "it").graph().constant("drawn").orElseThrow();
    assertThat(read.floats()).containsExactly(0.5f, 1.5f, 2.5f, 3.5f).isEqualTo(drawn.floats());
    assertThat(drawn.floatBuffer().get(3)).isEqualTo(3.5f);
    assertThat(model.toBytes()).isEqualTo(written);
  }

  @Test
  void readsNumbersHoweverTheyAreWritten() {
    TensorProto.Builder halves = TensorProto.newBuilder().setDataType(10).addDims(5);
    ByteBuffer raw = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    raw.putShort((short) 0x3c00).putShort((short) 0xc000).putShort((short) 0x0001);
    raw.putShort((short) 0x7c00).putShort((short) 0x3555);
    halves.setRawData(ByteString.copyFrom(raw.flip()));
    assertThat(new OnnxTensor(halves.build()).floats())
        .containsExactly(1f, -2f, 0x1p-24f, Float.POSITIVE_INFINITY, 0.33325195f);
    TensorProto floats =
        TensorProto.newBuilder().setDataType(1).addDims(2).addFloatData(1).addFloatData(2).build();
    assertThat(new OnnxTensor(floats).floats()).containsExactly(1, 2);
    TensorProto bytes =
        TensorProto.newBuilder()
            .setDataType(2)
            .addDims(2)
            .setRawData(ByteString.copyFrom(new byte[] {1, (byte) 200}))
            .build();
    assertThat(new OnnxTensor(bytes).longs()).containsExactly(1, 200);
    TensorProto ints = TensorProto.newBuilder().setDataType(6).addDims(1).addInt32Data(-7).build();
    assertThat(new OnnxTensor(ints).longs()).containsExactly(-7);
    TensorProto tooFew = TensorProto.newBuilder().setDataType(1).setName("w").addDims(3).build();
    assertThatThrownBy(() -> new OnnxTensor(tooFew).floats())
        .hasMessageContaining("w has shape [3] but 0 elements");
  }
}
