package io.maskstream.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packaging of small graphs that end in every way known; packaging itself compares each with the
/// graph it was made from.
class StandInGraphsTest {

  private static final PackagingOptions OPTIONS =
      PackagingOptions.of("stand-in", "3")
          .with(
              new Normalisation(
                  List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f)));

  @TempDir Path folder;

  @Test
  void logitsNchwOfAnySize() {
    Packaged packaged = pack(logits(17, "N", "H", "W"), OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.release().inputSize())
        .isEqualTo(new InputSize.Free(32, PackagingOptions.MAX_PIXELS));
    assertThat(packaged.verification().confidenceCells() * 16)
        .as("confidence stands on the grid before upsampling")
        .isEqualTo(packaged.verification().pixels());
  }

  @Test
  void logitsNchwOfFixedSizeAndBatch() {
    Packaged packaged = pack(logits(13, 1, 64, 96), OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.release().inputSize()).isEqualTo(new InputSize.Fixed(new Size(96, 64)));
    assertThat(packaged.release().freeBatch()).isTrue();
    assertThat(packaged.notes()).anyMatch(note -> note.contains("made free"));
  }

  @Test
  void aFreeGraphPackagedForOneSize() {
    Packaged packaged = pack(logits(17, "N", "H", "W"), OPTIONS.with(new Size(96, 64)));
    assertThat(packaged.release().inputSize()).isEqualTo(new InputSize.Fixed(new Size(96, 64)));
  }

  @Test
  void operatorSet18WithAxesAsInputs() {
    Packaged packaged = pack(logits(18, "N", "H", "W"), OPTIONS);
    assertSame(packaged, 2);
  }

  @Test
  void bgrChannels() {
    assertSame(pack(logits(17, "N", "H", "W"), OPTIONS.with(Channels.BGR)), 2);
  }

  private static OnnxModel logits(long opset, Object n, Object h, Object w) {
    OnnxModel model = Graphs.scores(opset, Graphs.floats("frames", n, 3, h, w), 5, false);
    Graphs.upscore(model, "score", "classes");
    model.graph().setOutputs(List.of(Graphs.floats("classes", n, 5, h, w)));
    return model;
  }

  @Test
  void logitsNhwc() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 64, 96, 3), 21, true);
    Graphs.upscore(model, "score", "up");
    model
        .graph()
        .append(new OnnxNode("Transpose", List.of("up"), "y").set("perm", new long[] {0, 2, 3, 1}));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 64, 96, 21)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.release().palette()).isEqualTo(Palette.known("voc"));
  }

  @Test
  void softmaxAfterUpsampling() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    Graphs.upscore(model, "score", "up");
    model.graph().append(new OnnxNode("Softmax", List.of("up"), "y").set("axis", 1));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 64, 96)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.verification().confidenceCells()).isEqualTo(2 * 16 * 24);
  }

  @Test
  void softmaxBeforeUpsampling() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    model.graph().append(new OnnxNode("Softmax", List.of("score"), "p").set("axis", 1));
    Graphs.upscore(model, "p", "y");
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 64, 96)));
    assertSame(pack(model, OPTIONS), 2);
  }

  @Test
  void classIdsThatAnArgMaxMade() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 19, false);
    Graphs.upscore(model, "score", "up");
    model.graph().append(new OnnxNode("ArgMax", List.of("up"), "y").set("axis", 1));
    model.graph().setOutputs(List.of(Graphs.value("y", OnnxType.INT64, 1, 1, 64, 96)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.release().hasConfidence()).isTrue();
  }

  @Test
  void classIdsOf32BitsThatCannotBeSeenThrough() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 3, false);
    model
        .graph()
        .append(new OnnxNode("ArgMax", List.of("score"), "ids").set("axis", 1).set("keepdims", 0));
    model.graph().append(new OnnxNode("Cast", List.of("ids"), "i32").set("to", 6));
    model.graph().append(new OnnxNode("Abs", List.of("i32"), "y"));
    model.graph().setOutputs(List.of(Graphs.value("y", OnnxType.INT32, 1, 16, 24)));
    assertThatThrownBy(() -> pack(model, OPTIONS)).hasMessageContaining("--classes");
    Packaged packaged = pack(model, OPTIONS.with(Palette.numbered(3)));
    assertSame(packaged, 2);
    assertThat(packaged.release().hasConfidence()).isFalse();
  }

  @Test
  void inputOfHalfPrecision() {
    OnnxModel model = OnnxModel.create("half", 17);
    var graph = model.graph();
    graph.setInputs(Graphs.value("x", OnnxType.FLOAT16, "N", 3, "H", "W"));
    graph.append(new OnnxNode("Cast", List.of("x"), "y").set("to", OnnxType.FLOAT.number()));
    graph.setOutputs(List.of(Graphs.floats("y", "N", 3, "H", "W")));
    assertSame(pack(model, PackagingOptions.of("half", "1").with(Normalisation.of(0, 1))), 2);
  }

  @Test
  void aTransposedConvolutionThatOnlyEnlargesIsTheFinalUpsampling() {
    assertThat(upscored(false).verification().confidenceCells()).isEqualTo(2 * 16 * 24);
  }

  @Test
  void aTransposedConvolutionThatMixesItsChannelsMakesTheScores() {
    assertThat(upscored(true).verification().confidenceCells()).isEqualTo(2 * 64 * 96);
  }

  private static Packaged upscored(boolean mixed) {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    float[] weights = new float[4 * 4 * 4 * 4];
    for (int i = 0; i < weights.length; i++) {
      boolean own = i / 64 == i / 16 % 4;
      weights[i] = own ? 1 : mixed ? 0.1f * (i % 7) : 0;
    }
    model.graph().add(OnnxTensor.ofFloats("up", new long[] {4, 4, 4, 4}, weights));
    model
        .graph()
        .append(
            new OnnxNode("ConvTranspose", List.of("score", "up"), "y")
                .set("strides", new long[] {4, 4}));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 64, 96)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 2);
    return packaged;
  }

  /// Operator set 9: Upsample, Clip with attributes, Pad and Slice with attributes, Dropout, and a
  /// softmax over everything behind its axis.
  @Test
  void operatorSet9() {
    OnnxModel model = Graphs.scores(9, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    var graph = model.graph();
    graph.append(new OnnxNode("Clip", List.of("score"), "clip").set("min", -3f).set("max", 900f));
    graph.append(
        new OnnxNode("Pad", List.of("clip"), "pad")
            .set("pads", new long[] {0, 0, 1, 1, 0, 0, 1, 1})
            .set("mode", "constant"));
    graph.append(
        new OnnxNode("Slice", List.of("pad"), "slice")
            .set("starts", new long[] {1, 1})
            .set("ends", new long[] {17, 25})
            .set("axes", new long[] {2, 3}));
    graph.append(new OnnxNode("Dropout", List.of("slice"), "drop"));
    graph.append(new OnnxNode("Unsqueeze", List.of("drop"), "five").set("axes", new long[] {0}));
    graph.append(new OnnxNode("Squeeze", List.of("five"), "four").set("axes", new long[] {0}));
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 4, 4));
    graph.append(new OnnxNode("Upsample", List.of("four", "scales"), "y").set("mode", "linear"));
    graph.setOutputs(List.of(Graphs.floats("y", 1, 4, 64, 96)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 2);
    assertThat(packaged.verification().confidenceCells()).isEqualTo(2 * 16 * 24);
  }

  @Test
  void aSoftmaxOfOperatorSet9InMidGraphKeepsItsOldMeaning() {
    OnnxModel model = Graphs.scores(9, Graphs.floats("x", 1, 3, 16, 24), 4, false);
    var graph = model.graph();
    graph.append(new OnnxNode("Softmax", List.of("score"), "all").set("axis", 1));
    graph.add(OnnxTensor.ofFloats("thousand", new long[0], 1000));
    graph.append(new OnnxNode("Mul", List.of("all", "thousand"), "y"));
    graph.setOutputs(List.of(Graphs.floats("y", 1, 4, 4, 6)));
    assertSame(pack(model, OPTIONS), 2);
  }

  @Test
  void aGraphThatHoldsItsBatchToOneStaysAtOne() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    model.graph().add(OnnxTensor.ofVector("shape", 4, 16, 24));
    model.graph().append(new OnnxNode("Reshape", List.of("score", "shape"), "three"));
    model.graph().add(OnnxTensor.ofVector("front", 0));
    model.graph().append(new OnnxNode("Unsqueeze", List.of("three", "front"), "y"));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 16, 24)));
    Packaged packaged = pack(model, OPTIONS);
    assertSame(packaged, 1);
    assertThat(packaged.release().freeBatch()).isFalse();
    assertThat(packaged.notes()).anyMatch(note -> note.startsWith("one frame a run"));
  }

  @Test
  void aReshapeThatNamesABatchOfOneIsMadeFree() {
    OnnxModel model = Graphs.scores(13, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    model.graph().add(OnnxTensor.ofVector("shape", 1, 4, 16, 24));
    model.graph().append(new OnnxNode("Reshape", List.of("score", "shape"), "y"));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 16, 24)));
    assertSame(pack(model, OPTIONS), 2);
  }

  @Test
  void anUnknownOperatorOfAnOldOperatorSetIsRefusedByName() {
    OnnxModel model = Graphs.scores(11, Graphs.floats("x", 1, 3, 64, 96), 4, false);
    model.graph().append(new OnnxNode("Hardmax", List.of("score"), "y").set("axis", 1));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 4, 16, 24)));
    assertThatThrownBy(() -> pack(model, OPTIONS))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("operators Hardmax of operator set 11")
        .hasMessageContaining("operator set 17 or later");
  }

  @Test
  void whatIsWrongWithTheOptionsIsSaid() {
    OnnxModel model = logits(17, "N", "H", "W");
    assertThatThrownBy(() -> pack(model, PackagingOptions.of("a", "1")))
        .hasMessageContaining("give --mean and --std");
    assertThatThrownBy(() -> pack(model, OPTIONS.with(Palette.known("voc"))))
        .hasMessageContaining("scores 5 classes, but 21 are named");
    assertThatThrownBy(() -> pack(logits(17, 1, 64, 96), OPTIONS.with(new Size(640, 480))))
        .hasMessageContaining("fixed to 96x64, asked for 640x480");
  }

  @Test
  void aReleaseIsReadBackAsItWasWritten() throws IOException {
    Packaged packaged = pack(logits(17, "N", "H", "W"), OPTIONS);
    Path file = folder.resolve("release.onnx");
    packaged.write(file);
    ReleaseFile read = ReleaseFile.read(file);
    assertThat(read.release()).isEqualTo(packaged.release().release());
    assertThat(read.release().name()).isEqualTo("stand-in");
    assertThat(read.release().version()).isEqualTo("3");
    assertThat(read.metadata())
        .containsEntry("Image.BitmapPixelFormat", "Rgb8")
        .containsEntry("maskstream.size", "free");
    assertThat(read.graph()).isEqualTo(Files.readAllBytes(file));
    assertThatThrownBy(() -> new Packager(new OrtGraphRunner()).pack(file, OPTIONS))
        .hasMessageContaining("it is a release");
  }

  @Test
  void aGraphThatIsNoReleaseIsRefusedWithTheCommandThatMakesOne() {
    byte[] graph = logits(17, "N", "H", "W").toBytes();
    assertThatThrownBy(() -> ReleaseFile.of(graph, "net.onnx"))
        .isInstanceOf(ReleaseException.class)
        .hasMessageContaining("frames: float32[N,3,H,W]")
        .hasMessageContaining("package it: maskstream model package net.onnx");
    assertThatThrownBy(() -> ReleaseFile.of("<!DOCTYPE html><html>".getBytes(), "net.onnx"))
        .hasMessageContaining("web page")
        .hasMessageContaining("raw");
  }

  @Test
  void verificationSeesAReleaseThatDoesSomethingElse() {
    // A graph whose argmax takes the last of equal scores while packaging takes the first: scores
    // are all equal, so every pixel is a tie and none is a difference.
    OnnxModel model = OnnxModel.create("flat", 17);
    model.graph().setInputs(Graphs.floats("x", 1, 3, 16, 24));
    model.graph().add(OnnxTensor.ofFloats("zero", new long[0], 0));
    model.graph().append(new OnnxNode("Mul", List.of("x", "zero"), "y"));
    model.graph().setOutputs(List.of(Graphs.floats("y", 1, 3, 16, 24)));
    assertThat(pack(model, OPTIONS).verification().holds()).isTrue();
    assertThat(new Verification(10, 1, 0, 0, 0, 1, 0).holds()).isFalse();
    assertThat(new Verification(10, 0, 0, 10, 2, 1, 0).holds()).isFalse();
    assertThat(new Verification(10, 0, 3, 10, 1, 2, 0).holds()).isTrue();
  }

  private static void assertSame(Packaged packaged, int batch) {
    assertThat(packaged.verification().pixels()).isPositive();
    assertThat(packaged.verification().differing()).isZero();
    assertThat(packaged.verification().ties()).isZero();
    assertThat(packaged.verification().confidenceOff()).isLessThanOrEqualTo(1);
    assertThat(packaged.verification().batch()).isEqualTo(batch);
  }

  private static Packaged pack(OnnxModel model, PackagingOptions options) {
    return new Packager(new OrtGraphRunner()).pack(model.toBytes(), "net.onnx", options);
  }
}
