package io.maskstream.release;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A release read from its `.onnx` file and found to keep the contract: input `frames:
/// uint8[N,H,W,3]`, outputs `classes: uint8[N,h,w]` and perhaps `confidence: uint8[N,hc,wc]`.
/// Immutable, thread-safe.
public final class ReleaseFile {

  public static final String INPUT = "frames";
  public static final String CLASSES = "classes";
  public static final String CONFIDENCE = "confidence";

  /// The lowest operator set that a release may stand on.
  public static final int MIN_OPSET = 17;

  private final byte[] graph;
  private final Release release;
  private final Palette palette;
  private final InputSize inputSize;
  private final boolean freeBatch;
  private final boolean confidence;
  private final Map<String, String> metadata;

  private ReleaseFile(byte[] graph, OnnxModel model, String source) {
    this.graph = graph;
    metadata = Map.copyOf(model.metadata());
    try {
      release =
          new Release(
              entry(ReleaseMetadata.NAME).orElseThrow(),
              entry(ReleaseMetadata.VERSION).orElseThrow(),
              sha256(graph));
      palette =
          Palette.parse(entry(ReleaseMetadata.CLASSES).orElseThrow(), ReleaseMetadata.CLASSES);
      inputSize = inputSize(model);
    } catch (IllegalArgumentException e) {
      throw new ReleaseException(source + ": " + e.getMessage() + "; package it again", e);
    }
    freeBatch = !model.graph().inputs().getFirst().shape().getFirst().isFixed();
    confidence = model.graph().outputs().stream().anyMatch(o -> o.name().equals(CONFIDENCE));
  }

  /// Reads a release.
  ///
  /// @throws ReleaseException if the file is none, saying what to do
  public static ReleaseFile read(Path file) {
    try {
      return of(Files.size(file) > 0 ? Files.readAllBytes(file) : new byte[0], file.toString());
    } catch (IOException e) {
      throw new ReleaseException("cannot read the release " + file + ": " + e, e);
    }
  }

  /// Reads a release from the bytes of its file.
  ///
  /// @param source names them in errors
  public static ReleaseFile of(byte[] bytes, String source) {
    OnnxModel model;
    try {
      model = OnnxModel.read(bytes, source);
    } catch (OnnxException e) {
      throw new ReleaseException(String.valueOf(e.getMessage()), e);
    }
    String broken = brokenContract(model);
    if (!broken.isEmpty()) {
      throw new ReleaseException(
          source
              + " is no release: "
              + broken
              + "; package it: maskstream model package "
              + source
              + " --out RELEASE.onnx");
    }
    return new ReleaseFile(bytes.clone(), model, source);
  }

  /// What the contract asks for and the graph lacks; empty if nothing.
  private static String brokenContract(OnnxModel model) {
    List<OnnxValue> inputs = model.graph().inputs();
    if (inputs.size() != 1
        || !inputs.getFirst().name().equals(INPUT)
        || inputs.getFirst().type() != OnnxType.UINT8
        || inputs.getFirst().shape().size() != 4
        || inputs.getFirst().shape().get(3).size() != 3) {
      return "its input is " + inputs + ", not frames: uint8[N,H,W,3]";
    }
    List<OnnxValue> outputs = model.graph().outputs();
    if (outputs.stream().noneMatch(output -> isMap(output, CLASSES))) {
      return "its output is " + outputs + ", not classes: uint8[N,h,w]";
    }
    for (OnnxValue output : outputs) {
      if (!isMap(output, CLASSES) && !isMap(output, CONFIDENCE)) {
        return "its output " + output + " is neither classes nor confidence: uint8[N,h,w]";
      }
    }
    if (model.opset() < MIN_OPSET) {
      return "its operator set is " + model.opset() + ", below " + MIN_OPSET;
    }
    for (String key :
        List.of(ReleaseMetadata.NAME, ReleaseMetadata.VERSION, ReleaseMetadata.CLASSES)) {
      if (model.metadata().getOrDefault(key, "").isBlank()) {
        return "its metadata lacks " + key;
      }
    }
    return "";
  }

  private static boolean isMap(OnnxValue output, String name) {
    return output.name().equals(name)
        && output.type() == OnnxType.UINT8
        && output.shape().size() == 3;
  }

  private InputSize inputSize(OnnxModel model) {
    List<OnnxDimension> shape = model.graph().inputs().getFirst().shape();
    OnnxDimension height = shape.get(1);
    OnnxDimension width = shape.get(2);
    if (height.isFixed() != width.isFixed()) {
      throw new IllegalArgumentException("one side of frames is fixed, the other free: " + shape);
    }
    if (height.isFixed()) {
      return new InputSize.Fixed(
          new Size(Math.toIntExact(width.size()), Math.toIntExact(height.size())));
    }
    return new InputSize.Free(
        Integer.parseInt(entry(ReleaseMetadata.MULTIPLE).orElse("1")),
        Long.parseLong(
            entry(ReleaseMetadata.MAX_PIXELS).orElse(ReleaseMetadata.DEFAULT_MAX_PIXELS)));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private Optional<String> entry(String key) {
    return Optional.ofNullable(metadata.get(key));
  }

  /// Name, version and digest.
  public Release release() {
    return release;
  }

  public Palette palette() {
    return palette;
  }

  public InputSize inputSize() {
    return inputSize;
  }

  /// Whether several frames can go through in one run.
  public boolean freeBatch() {
    return freeBatch;
  }

  public boolean hasConfidence() {
    return confidence;
  }

  /// The file that it was packaged from, with its digest.
  public Optional<String> source() {
    return entry(ReleaseMetadata.SOURCE);
  }

  /// How bytes become what the net wants, in words.
  public Optional<String> preprocessing() {
    return entry(ReleaseMetadata.PREPROCESSING);
  }

  /// Everything the file says of itself, by key.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// A copy of the file's bytes.
  public byte[] graph() {
    return graph.clone();
  }

  @Override
  public String toString() {
    return release.toString();
  }
}
