package io.maskstream.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.NodeProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxGraphTest {

  private final OnnxModel model = OnnxModel.create("test", 17);
  private final OnnxGraph graph = model.graph();
  private final OnnxNode relu = new OnnxNode("Relu", List.of("x"), "a");
  private final OnnxNode add = new OnnxNode("Add", List.of("a", "w"), "y");

  OnnxGraphTest() {
    graph.setInputs(floats("x"));
    graph.add(OnnxTensor.ofFloats("w", new long[] {2}, 1, 2));
    graph.append(relu);
    graph.append(add);
    graph.setOutputs(List.of(floats("y")));
  }

  private static OnnxValue floats(String name) {
    return new OnnxValue(
        name, OnnxType.FLOAT, List.of(OnnxDimension.free("N"), OnnxDimension.fixed(2)));
  }

  @Test
  void knowsWhoMakesAndWhoReadsAValue() {
    assertThat(graph.producer("a")).containsSame(relu);
    assertThat(graph.producer("x")).isEmpty();
    assertThat(graph.consumers("a")).containsExactly(add);
    assertThat(graph.consumers("y")).isEmpty();
    assertThat(graph.constant("w").orElseThrow().floats()).containsExactly(1, 2);
  }

  @Test
  void aFreshNameIsNobodyElses() {
    assertThat(graph.freshName("new")).isEqualTo("new");
    assertThat(List.of(graph.freshName("x"), graph.freshName("a"), graph.freshName("w")))
        .containsExactly("x_1", "a_1", "w_1");
  }

  @Test
  void insertsReplacesRemovesAndRedirects() {
    OnnxNode neg = new OnnxNode("Neg", List.of("a"), "b");
    graph.insertBefore(add, neg);
    add.setInputs(List.of("b", "w"));
    graph.check();
    graph.replace(neg, List.of(new OnnxNode("Abs", List.of("a"), "c")));
    graph.redirect("b", "c");
    graph.check();
    assertThat(graph.nodes().stream().map(OnnxNode::toString))
        .containsExactly("Relu(x) -> a", "Abs(a) -> c", "Add(c, w) -> y");
    graph.remove(relu);
    assertThatThrownBy(graph::check)
        .hasMessageContaining("Abs(a) -> c reads a")
        .hasMessageContaining("nothing makes");
  }

  @Test
  void renamesAValueEverywhere() {
    graph.rename("a", "b");
    graph.rename("x", "picture");
    graph.rename("y", "map");
    graph.rename("w", "weight");
    graph.check();
    assertThat(graph.inputs()).hasToString("[picture: float32[N,2]]");
    assertThat(graph.outputs()).hasToString("[map: float32[N,2]]");
    assertThat(add).hasToString("Add(b, weight) -> map");
  }

  @Test
  void dropsWhatNoOutputNeeds() {
    graph.append(new OnnxNode("Neg", List.of("a"), "unused"));
    graph.add(OnnxTensor.ofVector("unread", 1));
    graph.removeUnused();
    assertThat(graph.nodes()).containsExactly(relu, add);
    assertThat(graph.initializers()).extracting(OnnxTensor::name).containsExactly("w");
  }

  @Test
  void seesWhenANodeComesBeforeWhatItReadsAndPutsItRight() {
    graph.prepend(List.of(new OnnxNode("Neg", List.of("y"), "z")));
    assertThatThrownBy(graph::check).hasMessageContaining("reads y before it is made");
    graph.sort();
    graph.check();
    assertThat(graph.nodes().get(2).operator()).isEqualTo("Neg");
  }

  @Test
  void seesACircleAndAValueMadeTwice() {
    OnnxGraph circle = OnnxModel.create("circle", 17).graph();
    circle.append(new OnnxNode("Neg", List.of("p"), "q"));
    circle.append(new OnnxNode("Neg", List.of("q"), "p"));
    assertThatThrownBy(circle::sort).hasMessageContaining("is a circle");
    graph.append(new OnnxNode("Neg", List.of("x"), "a"));
    assertThatThrownBy(graph::check).hasMessageContaining("a is made twice");
  }

  @Test
  void constantsOfIrVersion3AreNoInputs() {
    graph.setInputs(floats("x"), floats("w"));
    assertThat(graph.inputs()).extracting(OnnxValue::name).containsExactly("x");
  }

  @Test
  void aBodyReadsWhatItTakesFromAroundIt() throws Exception {
    GraphProto body =
        GraphProto.newBuilder()
            .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("a").addOutput("inner"))
            .addOutput(floats("inner").proto())
            .build();
    ModelProto.Builder proto = ModelProto.parseFrom(model.toBytes()).toBuilder();
    proto
        .getGraphBuilder()
        .addNode(
            NodeProto.newBuilder()
                .setOpType("If")
                .addInput("y")
                .addOutput("chosen")
                .addAttribute(AttributeProto.newBuilder().setName("then_branch").setG(body)));
    OnnxGraph read = OnnxModel.read(proto.build().toByteArray(), "test").graph();
    OnnxNode branch = read.producer("chosen").orElseThrow();
    assertThat(branch.reads()).containsExactlyInAnyOrder("y", "a");
    read.rename("a", "b");
    assertThat(branch.reads()).containsExactlyInAnyOrder("y", "b");
    read.check();
  }

  @Test
  void attributesComeBackAsTheyWereSet() {
    OnnxNode node =
        new OnnxNode("Conv", List.of("x", "", "b"), List.of("y", "z"))
            .set("pads", new long[] {1, 2})
            .set("group", 3)
            .set("alpha", 0.5f)
            .set("mode", "linear")
            .set("value", OnnxTensor.ofVector("v", 4, 5));
    OnnxNode read = new OnnxNode(node.proto());
    assertThat(read.integers("pads")).contains(new long[] {1, 2});
    assertThat(read.integer("group", 1)).isEqualTo(3);
    assertThat(read.integer("left_out", 7)).isEqualTo(7);
    assertThat(read.number("alpha", 0)).isEqualTo(0.5f);
    assertThat(read.text("mode", "")).isEqualTo("linear");
    assertThat(read.tensor("value").orElseThrow().longs()).containsExactly(4, 5);
    assertThat(read.hasInput(1)).isFalse();
    assertThat(read.hasInput(2)).isTrue();
    assertThat(read.reads()).containsExactly("x", "b");
  }

  @Test
  void twoNodesOfOneNameAreWrittenWithOne() {
    graph.append(new OnnxNode("Neg", List.of("y"), "n"));
    graph.rename("n", "m");
    graph.append(new OnnxNode("Neg", List.of("y"), "n"));
    OnnxGraph read = OnnxModel.read(model.toBytes(), "test").graph();
    assertThat(read.nodes()).extracting(OnnxNode::name).containsExactly("a", "y", "n", "");
  }
}
