package io.maskstream.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.FunctionProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.NodeProto;
import io.maskstream.onnx.proto.TensorProto;
import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.SharedModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

  private final Gate gate = new Gate(GateLimits.STANDARD);

  @Test
  void letsAnHonestReleasePass() {
    assertThat(gate.check(Candidates.good(), "tiny").release().toString()).isEqualTo("tiny-1");
  }

  @Test
  void letsTheDemosReleasePass() throws IOException {
    try (InputStream in = Gate.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      assertThat(gate.check(in.readAllBytes(), "scene").palette().size()).isEqualTo(7);
    }
  }

  /// Real exporters' graphs, packaged: TensorFlow's, OpenVINO's.
  @ParameterizedTest
  @CsvSource({
    "models/deeplab_v3_mnv2_dm05_257_voc.onnx, 127.5, 127.5, 257",
    "models/deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32.onnx, 127.5, 127.5, 513",
    "models/road_segmentation_adas_0001.onnx, 0, 1, 896"
  })
  void letsRealGraphsPassAndSeesTheWholeMap(String file, float mean, float std, int width)
      throws IOException {
    byte[] bytes = java.nio.file.Files.readAllBytes(SharedModels.file(file));
    ReleaseFile release =
        new Packager(new OrtGraphRunner())
            .pack(bytes, file, PackagingOptions.of("real", "1").with(Normalisation.of(mean, std)))
            .release();
    assertThat(gate.check(release.graph(), file).inputSize().toString())
        .startsWith(Integer.toString(width));
  }

  @Test
  void refusesExternalDataWhereverItHides() {
    TensorProto outside = Candidates.external("etc/passwd");
    NodeProto constant =
        NodeProto.newBuilder()
            .setOpType("Constant")
            .addOutput("c")
            .addAttribute(AttributeProto.newBuilder().setName("value").setT(outside))
            .build();
    assertRefused(
        Reason.EXTERNAL_DATA,
        Candidates.changed(model -> model.getGraphBuilder().addNode(0, constant)));
    assertRefused(
        Reason.EXTERNAL_DATA,
        Candidates.changed(model ->
            model
                .getGraphBuilder()
                .getNodeBuilder(0)
                .addAttribute(AttributeProto.newBuilder().setName("x").addTensors(outside))));
    assertRefused(
        Reason.EXTERNAL_DATA,
        Candidates.changed(model ->
            model
                .getGraphBuilder()
                .getNodeBuilder(0)
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("x")
                        .setG(GraphProto.newBuilder().addInitializer(outside)))));
    assertRefused(
        Reason.EXTERNAL_DATA,
        Candidates.changed(
            model -> model.addFunctions(FunctionProto.newBuilder().addNode(constant))));
    // Field 20 is training_info, whose field 1 is a graph.
    ByteString training = GraphProto.newBuilder().addInitializer(outside).build().toByteString();
    assertRefused(Reason.EXTERNAL_DATA, appended(0xa2, 0x01, nested(0x0a, training)));
    assertRefused(
        Reason.EXTERNAL_DATA,
        Candidates.changed(model ->
            model
                .getGraphBuilder()
                .setInitializer(
                    0,
                    outside.toBuilder()
                        .clearExternalData()
                        .setRawData(ByteString.copyFrom(new byte[48])))));
  }

  @Test
  void refusesFunctionsTrainingStateAndStrangeFields() {
    assertRefused(
        Reason.FUNCTION,
        Candidates.changed(model -> model.addFunctions(FunctionProto.newBuilder().setName("f"))));
    assertRefused(Reason.TRAINING_STATE, appended(0xa2, 0x01, ByteString.EMPTY));
    assertRefused(Reason.NOT_ONNX, appended(0xaa, 0x06, ByteString.EMPTY));
    // A second graph: one reader merges it into the first, another takes the last.
    assertRefused(Reason.NOT_ONNX, appended(0x3a, -1, ByteString.EMPTY));
    assertRefused(
        Reason.NOT_ONNX,
        Candidates.changed(
            model -> model.getGraphBuilder().addInitializer(model.getGraph().getInitializer(0))));
    assertRefused(
        Reason.METADATA,
        Candidates.changed(model -> model.addMetadataProps(model.getMetadataProps(0))));
    assertRefused(
        Reason.OPSET, Candidates.changed(model -> model.addOpsetImport(model.getOpsetImport(0))));
  }

  @Test
  void refusesOperatorsThatAreNotOnTheList() {
    assertRefused(
        Reason.OPERATOR,
        Candidates.changed(
            model -> model.getGraphBuilder().getNodeBuilder(2).setOpType("RandomNormal")));
    assertRefused(
        Reason.OPERATOR,
        Candidates.changed(
            model -> model.getGraphBuilder().getNodeBuilder(2).setOpType("ImageDecoder")));
  }

  @Test
  void refusesNestingWithoutRunningOutOfStack() {
    for (int depth : new int[] {5, 100, 10_000, 50_000}) {
      GraphProto inner = GraphProto.newBuilder().setName("inner").build();
      ByteString graph = inner.toByteString();
      for (int i = 0; i < depth; i++) {
        // Field 1 of a graph is a node, field 5 of that an attribute, field 6 of that a graph.
        graph = nested(0x0a, nested(0x2a, nested(0x32, graph)));
        if (graph.size() > 1 << 20) {
          break;
        }
      }
      assertRefused(Reason.NESTING, nested(0x3a, graph).toByteArray());
    }
  }

  @ParameterizedTest
  @CsvSource({"Expand", "Tile", "Resize", "Pad", "Range", "ConvTranspose"})
  void seesWhatSmallNodesMakeLarge(String operator) {
    byte[] bomb =
        Candidates.between(graph -> {
          long side = 200_000;
          graph.add(OnnxTensor.ofVector("sides", 1, 1, side, side));
          graph.add(OnnxTensor.ofFloats("one", new long[] {1, 1, 1, 1}, 1));
          graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 1e5f, 1e5f));
          graph.add(OnnxTensor.ofVector("pads", 0, 0, side, side, 0, 0, 0, 0));
          graph.add(OnnxTensor.ofLongs("from", new long[0], 0));
          graph.add(OnnxTensor.ofLongs("to", new long[0], 1L << 40));
          graph.add(OnnxTensor.ofLongs("by", new long[0], 1));
          OnnxNode node =
              switch (operator) {
                case "Expand", "Tile" -> new OnnxNode(operator, List.of("one", "sides"), "bomb");
                case "Resize" -> new OnnxNode(operator, List.of("scores", "", "scales"), "bomb");
                case "Pad" -> new OnnxNode(operator, List.of("scores", "pads"), "bomb");
                case "Range" -> new OnnxNode(operator, List.of("from", "to", "by"), "bomb");
                default ->
                    new OnnxNode(operator, List.of("scores", "score_w"), "bomb")
                        .set("strides", new long[] {100_000, 100_000});
              };
          graph.append(node);
          graph.append(new OnnxNode("Size", List.of("bomb"), "count"));
          graph.append(new OnnxNode("Cast", List.of("count"), "number").set("to", 1));
          graph.append(new OnnxNode("Add", List.of("scores", "number"), "changed"));
        });
    assertRefused(Reason.INTERMEDIATE_BYTES, bomb);
  }

  @Test
  void saysTheRuleThePlaceAndTheRemedy() {
    assertThatThrownBy(() -> gate.check(Candidates.constantOfShape(100_000), "bomb.onnx"))
        .hasMessage(
            "bomb.onnx makes a value [100000, 100000] of 40000000000 bytes at node "
                + "ConstantOfShape bomb for a frame of 640x480, more than the 1073741824 that are "
                + "allowed; export it for a smaller size, or raise the gate's intermediate bytes");
    assertThatThrownBy(() -> gate.check(Candidates.domain("evil.ops"), "evil.onnx"))
        .hasMessage(
            "evil.onnx uses the operator domain evil.ops at node scores; export it with operators "
                + "of ONNX's own set only");
  }

  @Test
  void givesNothingButARefusalForAnyBytes() {
    Random random = new Random(20);
    byte[] good = Candidates.good();
    int passed = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      int changes = 1 + random.nextInt(8);
      for (int i = 0; i < changes; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length * 2));
      }
      try {
        gate.check(bytes, "fuzzed");
        passed++;
      } catch (RefusedException e) {
        assertThat(e.sentence()).contains(";");
      }
    }
    // Weights and names may change and leave an honest graph; most else may not.
    assertThat(passed).isBetween(1, 12_000);
  }

  private void assertRefused(Reason reason, byte[] bytes) {
    assertThatThrownBy(() -> gate.check(bytes, "candidate"))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.reason()).as(e.sentence()).isEqualTo(reason));
  }

  private static ByteString nested(int tag, ByteString inside) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = inside.size();
    while (length > 127) {
      out.write(length & 127 | 128);
      length >>>= 7;
    }
    out.write(length);
    return ByteString.copyFrom(out.toByteArray()).concat(inside);
  }

  /// The honest release with one more field; the second byte of its tag is left out if negative.
  private static byte[] appended(int tag, int more, ByteString inside) {
    ByteString field = nested(more < 0 ? tag : more, inside);
    ByteString whole = ByteString.copyFrom(Candidates.good());
    return whole
        .concat(more < 0 ? field : ByteString.copyFrom(new byte[] {(byte) tag}).concat(field))
        .toByteArray();
  }
}
