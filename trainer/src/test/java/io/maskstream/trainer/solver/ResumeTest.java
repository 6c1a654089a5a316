package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, killed.
@Timeout(120)
class ResumeTest {

  private static final int STEPS = 24;
  private static final int LONG = 100_000;

  @TempDir Path folder;

  @Test
  void aKilledRunGoesOnToTheSameWeightsBitForBit() throws Exception {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    Path killed = Files.createDirectory(folder.resolve("killed"));
    assertThat(lines(start(whole, "exec")).getLast()).isEqualTo("ended done after " + STEPS);

    Process first = start(killed, "exec");
    try (BufferedReader reader = first.inputReader()) {
      awaitLine(reader, "step 13");
      first.destroyForcibly().waitFor(); // SIGKILL
    }
    long saved = Solver.stepOf(Checkpoint.read(killed.resolve(Solver.LAST)));
    assertThat(saved).isBetween(12L, 20L);

    List<String> rest = lines(start(killed, "exec"));
    assertThat(rest).contains("step " + (saved + 1)).doesNotContain("step " + saved);
    assertThat(rest.getLast()).isEqualTo("ended done after " + STEPS);
    assertThat(weights(killed)).isEqualTo(weights(whole));
    assertThat(Files.readAllBytes(killed.resolve(Solver.BEST)))
        .isEqualTo(Files.readAllBytes(whole.resolve(Solver.BEST)));
  }

  @Test
  void anInterruptedRunSavesWhereItStands() throws Exception {
    Process run = start(folder, "exec", LONG);
    List<String> said = new ArrayList<>(List.of("step 5"));
    try (BufferedReader reader = run.inputReader()) {
      awaitLine(reader, "step 5");
      run.toHandle().destroy(); // SIGTERM, which the JVM treats as SIGINT; the stream stays open
      reader.lines().forEach(said::add);
    }
    run.waitFor();
    // What is printed after the checkpoint may be lost: the JVM ends as soon as it is written.
    said.removeIf(line -> !line.startsWith("step "));
    assertThat(said.getLast())
        .isEqualTo("step " + Solver.stepOf(Checkpoint.read(folder.resolve(Solver.LAST))))
        .isNotEqualTo("step " + LONG);
  }

  @Test
  void aDiskThatIsFullLeavesTheOldCheckpointWhole() throws Exception {
    Process first = start(folder, "exec");
    try (BufferedReader reader = first.inputReader()) {
      awaitLine(reader, "step 4");
      first.destroyForcibly().waitFor();
    }
    Path last = folder.resolve(Solver.LAST);
    byte[] before = Files.readAllBytes(last);
    // A limit on the size of files fails a write halfway, as a full disk does.
    Process limited = start(folder, "ulimit -f " + before.length / 2048 + "; exec");
    String errors = errors(limited);
    assertThat(limited.waitFor()).isNotZero();
    assertThat(errors).contains("cannot save").contains("the checkpoint before it is whole");
    assertThat(Files.readAllBytes(last)).isEqualTo(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void aCutOffCheckpointIsNamed() throws Exception {
    TinyRun.run(folder, TinyRun.recipe(2), List.of());
    Path last = folder.resolve(Solver.LAST);
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> Checkpoint.read(last))
        .hasMessageContaining("is no whole checkpoint")
        .hasMessageContaining("--init");
  }

  @Test
  void anotherRecipeIsNotTakenForTheSameRun() {
    TinyRun.run(folder, TinyRun.recipe(2), List.of());
    assertThatThrownBy(() -> TinyRun.run(folder, TinyRun.recipe(5), List.of()))
        .hasMessageContaining("another recipe");
  }

  private static Process start(Path folder, String shell) throws IOException {
    return start(folder, shell, STEPS);
  }

  private static Process start(Path folder, String shell, int steps) throws IOException {
    String java = ProcessHandle.current().info().command().orElse("java");
    return new ProcessBuilder(
            "sh",
            "-c",
            shell + " \"$@\"",
            "sh",
            java,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.bytedeco.javacpp.nopointergc=true",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TinyRun.class.getName(),
            folder.toString(),
            Integer.toString(steps))
        .start();
  }

  private static void awaitLine(BufferedReader reader, String wanted) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(wanted)) {
        return;
      }
    }
    throw new AssertionError("the run ended before: " + wanted);
  }

  private static List<String> lines(Process run) throws Exception {
    List<String> lines;
    try (BufferedReader reader = run.inputReader()) {
      lines = reader.lines().toList();
    }
    String errors = errors(run);
    assertThat(run.waitFor()).withFailMessage(errors).isZero();
    return lines;
  }

  private static String errors(Process run) throws IOException {
    return new String(run.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<List<Float>> weights(Path folder) {
    OnnxModel model = Checkpoint.read(folder.resolve(Solver.LAST)).model();
    List<List<Float>> weights = new ArrayList<>();
    for (OnnxTensor tensor : model.graph().initializers()) {
      if (tensor.type() == OnnxType.FLOAT) {
        List<Float> values = new ArrayList<>();
        for (float value : tensor.floats()) {
          values.add(value);
        }
        weights.add(values);
      }
    }
    return weights;
  }
}
