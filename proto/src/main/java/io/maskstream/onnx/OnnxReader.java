package io.maskstream.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.FunctionProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ModelProto;
import io.maskstream.onnx.proto.NodeProto;
import io.maskstream.onnx.proto.SparseTensorProto;
import io.maskstream.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Reads a file that may be anything, and says what it is when it is no graph.
///
/// Nothing outside the file is ever read: a file that keeps its numbers elsewhere (`external_data`)
/// is refused wherever it says so, because ONNX Runtime would follow it to any file it names.
final class OnnxReader {

  /// What protobuf, and an array, can hold. Two streams of VGG16 have half of it.
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  /// Bodies within bodies; also protobuf's own bound against a stack overflow.
  private static final int MAX_DEPTH = 64;

  private OnnxReader() {}

  static OnnxModel read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new OnnxException(
            file
                + " has "
                + size
                + " bytes, more than the "
                + MAX_BYTES
                + " that a graph may have; export it with its numbers in 16 bits");
      }
      return read(Files.readAllBytes(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new OnnxException("there is no file " + file + "; check the path", e);
    } catch (IOException e) {
      throw new OnnxException("cannot read " + file + ": " + e, e);
    }
  }

  static OnnxModel read(byte[] bytes, String source) {
    if (bytes.length == 0) {
      throw new OnnxException(source + " is empty; fetch or export it again");
    }
    String page = whatElse(bytes);
    if (!page.isEmpty()) {
      throw new OnnxException(source + " is " + page);
    }
    ModelProto proto = parse(bytes, source);
    if (!proto.hasGraph() || proto.getGraph().getOutputCount() == 0) {
      throw new OnnxException(
          source + " is no ONNX file: it holds no graph with outputs; export the model as .onnx");
    }
    refuseExternal(proto.getGraph(), source, 0);
    for (FunctionProto function : proto.getFunctionsList()) {
      refuseExternal(function.getNodeList(), source, 0);
      refuseExternalAttributes(function.getAttributeProtoList(), source, 0);
    }
    return OnnxModel.of(proto);
  }

  private static ModelProto parse(byte[] bytes, String source) {
    try {
      // Every array is copied: a view of the smallest one would keep the whole file in memory.
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.setRecursionLimit(4 * MAX_DEPTH);
      ModelProto proto = ModelProto.parseFrom(in);
      in.checkLastTagWas(0);
      return proto;
    } catch (InvalidProtocolBufferException e) {
      String said = e.getMessage() == null ? "" : e.getMessage().toLowerCase(Locale.ROOT);
      boolean ends = said.contains("truncated") || said.contains("ended unexpectedly");
      // Field 1 is the IR version, field 7 the graph: writers of ONNX begin with either.
      boolean beginsRight = bytes[0] == 0x08 || bytes[0] == 0x3a;
      throw new OnnxException(
          ends && beginsRight
              ? source
                  + " is cut off after "
                  + bytes.length
                  + " bytes; fetch it again and compare its size or checksum"
              : source
                  + " is no ONNX file: its bytes are no protobuf message of a model; "
                  + "export the model as .onnx",
          e);
    } catch (IOException e) {
      throw new OnnxException("cannot read " + source, e);
    }
  }

  /// What well-known other thing the bytes are; empty if none.
  static String whatElse(byte[] bytes) {
    int length = Math.min(bytes.length, 512);
    String begin =
        new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    if (begin.startsWith("<!doctype") || begin.startsWith("<html") || begin.startsWith("<?xml")) {
      return "a web page or other XML, not an ONNX file; an address may show the file instead of "
          + "giving it: "
          + "use the download (raw) link";
    }
    if (begin.startsWith("version https://git-lfs")) {
      return "a Git LFS pointer, not an ONNX file; fetch the file itself with git lfs pull";
    }
    if (begin.startsWith("{") || begin.startsWith("[")) {
      return "JSON, not an ONNX file; a server's answer with an error, perhaps: read it";
    }
    if (begin.startsWith("pk\u0003\u0004")) {
      return "a ZIP archive, not an ONNX file; unpack it, or export a PyTorch checkpoint as .onnx";
    }
    if (bytes[0] == 0x1f && bytes.length > 1 && bytes[1] == (byte) 0x8b) {
      return "a gzip archive, not an ONNX file; unpack it";
    }
    if (length >= 8 && begin.startsWith("tfl3", 4)) {
      return "a TensorFlow Lite file, not an ONNX file; convert it, with tf2onnx for instance";
    }
    return "";
  }

  private static void refuseExternal(GraphProto graph, String source, int depth) {
    graph.getInitializerList().forEach(tensor -> refuseExternal(tensor, source));
    graph.getSparseInitializerList().forEach(tensor -> refuseExternal(tensor, source));
    refuseExternal(graph.getNodeList(), source, depth);
  }

  private static void refuseExternal(List<NodeProto> nodes, String source, int depth) {
    nodes.forEach(node -> refuseExternalAttributes(node.getAttributeList(), source, depth));
  }

  private static void refuseExternalAttributes(
      List<AttributeProto> attributes, String source, int depth) {
    if (depth > MAX_DEPTH) {
      throw new OnnxException(source + " nests graphs more than " + MAX_DEPTH + " deep");
    }
    for (AttributeProto attribute : attributes) {
      refuseExternal(attribute.getT(), source);
      attribute.getTensorsList().forEach(tensor -> refuseExternal(tensor, source));
      refuseExternal(attribute.getSparseTensor(), source);
      attribute.getSparseTensorsList().forEach(tensor -> refuseExternal(tensor, source));
      if (attribute.hasG()) {
        refuseExternal(attribute.getG(), source, depth + 1);
      }
      attribute.getGraphsList().forEach(body -> refuseExternal(body, source, depth + 1));
    }
  }

  private static void refuseExternal(SparseTensorProto tensor, String source) {
    refuseExternal(tensor.getValues(), source);
    refuseExternal(tensor.getIndices(), source);
  }

  private static void refuseExternal(TensorProto tensor, String source) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0) {
      throw new OnnxException(
          source
              + " keeps the numbers of tensor "
              + tensor.getName()
              + " in another file; save it as one file: "
              + "onnx.save_model(onnx.load(PATH), PATH, save_as_external_data=False)");
    }
  }
}
