package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxModel;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/// Everything that a run needs to go on as if it had never stopped: the graph with its weights, the
/// optimizer's state, the moving average, and where the run stood.
///
/// One file, so that no half of it can be older than the other: a zip archive, not compressed, of
/// `graph.onnx`, `state` (named float tensors) and `run` (`key=value` lines). Not thread-safe.
public final class Checkpoint {

  private static final String GRAPH = "graph.onnx";
  private static final String STATE = "state";
  private static final String RUN = "run";
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final OnnxModel model;
  private final Map<String, String> run;

  private Checkpoint(Path file, OnnxModel model, Map<String, String> run) {
    this.file = file;
    this.model = model;
    this.run = run;
  }

  /// Whether the file begins as a checkpoint does.
  public static boolean isOne(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    } catch (IOException e) {
      return false;
    }
  }

  /// The graph, with the weights of the last step.
  public OnnxModel model() {
    return model;
  }

  /// Where the run stood, and what it was told.
  public Map<String, String> run() {
    return run;
  }

  String value(String key) {
    String value = run.get(key);
    if (value == null) {
      throw new SolverException(file + " does not say " + key + "; it is of another version");
    }
    return value;
  }

  /// Writes a checkpoint whole or not at all: beside its place, synced to the disk, then moved.
  ///
  /// @throws SolverException if that fails; what was at `file` is as it was
  static void write(
      Path file, OnnxModel model, Map<String, Tensor> state, Map<String, String> run) {
    Path beside = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      try (FileOutputStream out = new FileOutputStream(beside.toFile())) {
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, CHUNK));
        zip.setLevel(Deflater.NO_COMPRESSION);
        zip.putNextEntry(new ZipEntry(RUN));
        zip.write(text(run).getBytes(StandardCharsets.UTF_8));
        zip.putNextEntry(new ZipEntry(GRAPH));
        zip.write(model.toBytes());
        zip.putNextEntry(new ZipEntry(STATE));
        writeState(zip, state);
        zip.finish();
        zip.flush();
        out.getFD().sync();
      }
      move(beside, file);
    } catch (IOException e) {
      dropQuietly(beside);
      throw new SolverException(
          "cannot save "
              + file
              + ": "
              + e.getMessage()
              + (Files.exists(file)
                  ? "; the checkpoint before it is whole, free the disk and go on with --resume"
                  : "; free the disk, or give another --out"),
          e);
    }
  }

  /// Writes a graph with the same care.
  static void write(Path file, OnnxModel model) {
    Path beside = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      try (FileOutputStream out = new FileOutputStream(beside.toFile())) {
        out.write(model.toBytes());
        out.getFD().sync();
      }
      move(beside, file);
    } catch (IOException e) {
      dropQuietly(beside);
      throw new SolverException(
          "cannot save " + file + ": " + e.getMessage() + "; what was there before is whole", e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = to.toAbsolutePath().getParent();
    // The name is on the disk when its folder is.
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void dropQuietly(Path beside) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      // What could not be written is reported; what is left of it lies beside and is written over.
      return;
    }
  }

  private static String text(Map<String, String> run) {
    return new TreeMap<>(run)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().replace("\n", "\\n") + "\n")
            .collect(Collectors.joining());
  }

  private static void writeState(OutputStream zip, Map<String, Tensor> state) throws IOException {
    DataOutputStream out = new DataOutputStream(zip);
    out.writeInt(state.size());
    float[] chunk = new float[CHUNK];
    ByteBuffer bytes = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, Tensor> entry : state.entrySet()) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Tensor tensor = entry.getValue().cpu().contiguous();
        long count = tensor.numel();
        out.writeUTF(entry.getKey());
        out.writeLong(count);
        FloatPointer values = tensor.data_ptr_float();
        for (long at = 0; at < count; at += CHUNK) {
          int size = (int) Math.min(CHUNK, count - at);
          values.position(at).get(chunk, 0, size);
          bytes.clear().asFloatBuffer().put(chunk, 0, size);
          out.write(bytes.array(), 0, 4 * size);
        }
      }
    }
    out.flush();
  }

  /// Reads a checkpoint; the state stays in the file.
  public static Checkpoint read(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      byte[] run = read(zip, RUN).readAllBytes();
      OnnxModel model = OnnxModel.read(read(zip, GRAPH).readAllBytes(), file + "!" + GRAPH);
      Map<String, String> values = new LinkedHashMap<>();
      for (String line : new String(run, StandardCharsets.UTF_8).lines().toList()) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1).replace("\\n", "\n"));
        }
      }
      return new Checkpoint(file, model, values);
    } catch (NoSuchFileException e) {
      throw new SolverException("there is no checkpoint " + file + "; check the path", e);
    } catch (IOException | OnnxException e) {
      throw damaged(file, e);
    }
  }

  private static InputStream read(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException("it has no part " + name);
    }
    return new BufferedInputStream(zip.getInputStream(entry), CHUNK);
  }

  private static SolverException damaged(Path file, Exception cause) {
    return new SolverException(
        file
            + " is no whole checkpoint: "
            + cause.getMessage()
            + "; start from best.onnx with --init instead",
        cause);
  }

  /// Puts the state back into tensors of the same names and sizes.
  void restore(Map<String, Tensor> into) {
    try (ZipFile zip = new ZipFile(file.toFile());
        DataInputStream in = new DataInputStream(read(zip, STATE))) {
      int count = in.readInt();
      if (count != into.size()) {
        throw new SolverException(
            file
                + " holds "
                + count
                + " tensors of state, this run has "
                + into.size()
                + "; resume with the settings that it was started with");
      }
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        long size = in.readLong();
        Tensor tensor = into.get(name);
        if (tensor == null || tensor.numel() != size) {
          throw new SolverException(
              file
                  + " holds state "
                  + name
                  + " of "
                  + size
                  + " numbers, which this run has not; resume with the settings that it was "
                  + "started with");
        }
        restore(in, tensor, (int) size);
      }
    } catch (EOFException e) {
      throw damaged(file, new IOException("its state is cut off", e));
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  private static void restore(DataInputStream in, Tensor tensor, int size) throws IOException {
    byte[] bytes = new byte[4 * Math.min(CHUNK, size)];
    float[] values = new float[size];
    for (int at = 0; at < size; at += CHUNK) {
      int length = Math.min(CHUNK, size - at);
      in.readFully(bytes, 0, 4 * length);
      ByteBuffer.wrap(bytes, 0, 4 * length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values, at, length);
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      tensor.copy_(Tensor.create(values, tensor.shape()));
    }
  }
}
