package io.maskstream.onnx;

import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.OperatorSetIdProto;
import io.maskstream.onnx.proto.StringStringEntryProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// A whole ONNX file: a graph, the operator sets it stands on, and metadata. Mutable, not
/// thread-safe. What Maskstream does not know of survives reading and writing.
public final class OnnxModel {

  private final ModelProto rest;
  private final OnnxGraph graph;
  private final Map<String, OperatorSetIdProto> operatorSets = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private long irVersion;

  private OnnxModel(ModelProto proto) {
    rest = proto.toBuilder().clearGraph().clearOpsetImport().clearMetadataProps().build();
    graph = new OnnxGraph(proto.getGraph());
    irVersion = proto.getIrVersion();
    for (OperatorSetIdProto set : proto.getOpsetImportList()) {
      operatorSets.put(set.getDomain().equals("ai.onnx") ? "" : set.getDomain(), set);
    }
    proto.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
  }

  /// An empty graph on ONNX's own operator set of this version.
  public static OnnxModel create(String name, long opset) {
    OnnxModel model =
        new OnnxModel(
            ModelProto.newBuilder()
                .setProducerName("maskstream")
                .setGraph(GraphProto.newBuilder().setName(name))
                .build());
    model.setOpset(opset);
    return model;
  }

  /// Reads a file.
  ///
  /// @throws OnnxException saying what the file is instead, and what to do
  public static OnnxModel read(Path file) {
    return OnnxReader.read(file);
  }

  /// What well-known other thing bytes are, such as a web page, with the remedy; empty if none.
  ///
  /// @param bytes one at least
  public static String whatElse(byte[] bytes) {
    return OnnxReader.whatElse(bytes);
  }

  /// Reads the bytes of a file.
  ///
  /// @param source names them in errors
  public static OnnxModel read(byte[] bytes, String source) {
    return OnnxReader.read(bytes, source);
  }

  static OnnxModel of(ModelProto proto) {
    return new OnnxModel(proto);
  }

  public OnnxGraph graph() {
    return graph;
  }

  /// The version of ONNX's own operator set.
  public long opset() {
    OperatorSetIdProto own = operatorSets.get("");
    return own == null ? 1 : own.getVersion();
  }

  /// Declares the version of ONNX's own operator set, and the IR version that it came with at
  /// least. The nodes are not converted.
  public void setOpset(long version) {
    operatorSets.merge(
        "",
        OperatorSetIdProto.newBuilder().setDomain("").setVersion(version).build(),
        (old, wanted) -> old.toBuilder().setVersion(version).build());
    irVersion = Math.max(irVersion, irVersionOf(version));
  }

  /// The table of ONNX's docs/Versioning.md.
  private static long irVersionOf(long opset) {
    if (opset < 9) {
      return 3;
    }
    if (opset == 9) {
      return 4;
    }
    if (opset == 10) {
      return 5;
    }
    if (opset == 11) {
      return 6;
    }
    if (opset < 15) {
      return 7;
    }
    if (opset < 19) {
      return 8;
    }
    return opset < 21 ? 9 : 10;
  }

  /// The domains of the operator sets that the graph stands on; the empty one is ONNX's own.
  public Set<String> domains() {
    return Set.copyOf(operatorSets.keySet());
  }

  public void removeOperatorSet(String domain) {
    operatorSets.remove(domain);
  }

  public long irVersion() {
    return irVersion;
  }

  /// Free text by key, `metadata_props` of the file; a live view that may be changed.
  public Map<String, String> metadata() {
    return metadata;
  }

  /// The program that wrote the file.
  public String producer() {
    return (rest.getProducerName() + " " + rest.getProducerVersion()).trim();
  }

  /// Whether the file defines operators of its own.
  public boolean hasFunctions() {
    return rest.getFunctionsCount() > 0;
  }

  /// Copies the model, so that one can be changed and the other kept. Constants are shared.
  public OnnxModel copy() {
    OnnxModel copy = new OnnxModel(proto(graph.frame()));
    graph.initializers().forEach(copy.graph::add);
    return copy;
  }

  public byte[] toBytes() {
    return proto().toByteArray();
  }

  /// Checks the graph and writes the file whole or not at all: beside its place first, then moved.
  public void write(Path file) {
    graph.check();
    try {
      // Not createTempFile, whose files nobody but their owner may read.
      Path beside =
          file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        try (OutputStream out =
            new BufferedOutputStream(
                Files.newOutputStream(
                    beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
          proto().writeTo(out);
        }
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private ModelProto proto() {
    return proto(graph.proto());
  }

  private ModelProto proto(GraphProto graphProto) {
    ModelProto.Builder written = rest.toBuilder().setIrVersion(irVersion).setGraph(graphProto);
    written.addAllOpsetImport(operatorSets.values());
    metadata.forEach((key, value) ->
        written.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return written.build();
  }
}
