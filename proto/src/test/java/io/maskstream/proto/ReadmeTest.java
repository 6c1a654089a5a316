package io.maskstream.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.maskstream.proto.v1.Mask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's snippets work on the golden mask.
class ReadmeTest {

  private static final Path ROOT = Path.of(System.getProperty("maskstream.root"));
  private static final Path GOLDEN = ROOT.resolve("proto/src/test/resources/golden/mask.binpb");
  private static final String PIXELS = "0,0,0,11,11,11,11,0,0,0,0,255";

  @TempDir Path folder;

  @Test
  void theJavaSnippetIsTheOneCompiledHere() throws IOException {
    String source =
        Files.readString(ROOT.resolve("proto/src/test/java/io/maskstream/proto/ReadmeTest.java"));
    String compiled = source.substring(source.lastIndexOf("// snippet\n") + 11);
    compiled = compiled.substring(0, compiled.indexOf("// end"));
    assertThat(snippet("java").strip()).isEqualTo(compiled.stripIndent().strip());
  }

  @Test
  void theJavaSnippetReadsMaskAndMarker() throws IOException {
    assertThat(read(GoldenMessagesTest.resource("mask.binpb"))).isEqualTo("4 people of 12");
    assertThat(read(GoldenMessagesTest.resource("mask_marker.binpb")))
        .isEqualTo("no pixels: REASON_WAITING_FOR_KEYFRAME");
  }

  private static String read(byte[] value) throws InvalidProtocolBufferException {
    // snippet
    Mask mask = Mask.parseFrom(value);
    if (mask.hasMarker()) {
      return "no pixels: " + mask.getMarker().getReason();
    }
    long people = Masks.area(mask, 11); // pixels of class 11, without decoding
    byte[] classes = Masks.decode(mask); // row-major, width x height, 255 = ignore
    // end
    return people + " people of " + classes.length;
  }

  @Test
  void thePythonSnippetReadsAMask() throws Exception {
    String python =
        List.of("python3", "/usr/bin/python3").stream()
            .filter(name -> works(name, "-c", "import numpy, google.protobuf"))
            .findFirst()
            .orElse("");
    assumeTrue(
        !python.isEmpty(),
        "skipped: no python3 with protobuf and numpy here (Debian: python3-protobuf python3-numpy)");
    Path script = folder.resolve("snippet.py");
    Files.writeString(
        script,
        "value = open('"
            + GOLDEN
            + "', 'rb').read()\n"
            + snippet("python")
            + "print(classes.shape, ','.join(map(str, classes.ravel())))\n");
    assertThat(run(python, script.toString())).isEqualTo("(3, 4) " + PIXELS);
  }

  @Test
  void theTypeScriptSnippetReadsAMask() throws Exception {
    Path installed = ROOT.resolve("proto/target/node");
    Path tsc = installed.resolve("node_modules/typescript/bin/tsc");
    assumeTrue(
        Files.exists(tsc)
            && Files.isDirectory(installed.resolve("node_modules/@bufbuild/protobuf"))
            && works("node", "--version"),
        "skipped: no TypeScript here (the processor's ClientsTest installs it)");
    Path script = installed.resolve("snippet.mts");
    Files.writeString(
        script,
        snippet("typescript")
                .replace(
                    "const mask =", "const value = readFileSync('" + GOLDEN + "');\nconst mask =")
            + "console.log(classes.join(','));\n");
    String compile = "--strict --module nodenext --target es2022 --types node --typeRoots ";
    String types = installed.resolve("node_modules/@types").toString();
    assertThat(run("sh", "-c", "node " + tsc + " " + compile + types + " " + script)).isEmpty();
    assertThat(run("node", installed.resolve("snippet.mjs").toString())).isEqualTo(PIXELS);
  }

  @Test
  void theTerminalLineReadsAMask() throws Exception {
    String line = snippet("sh").strip();
    Path protoc = ROOT.resolve("proto/target/tools/protoc.exe");
    assertThat(protoc.toFile().setExecutable(true)).isTrue();
    String decode = line.substring(line.indexOf("| protoc") + "| protoc".length());
    String text = run("sh", "-c", protoc + decode + " < " + GOLDEN);
    assertThat(TextFormat.parse(text, Mask.class))
        .isEqualTo(Mask.parseFrom(Files.readAllBytes(GOLDEN)));
  }

  @Test
  void everyPathExists() throws IOException {
    Matcher path = Pattern.compile("`(src/[^`]+)`").matcher(readme());
    int found = 0;
    for (; path.find(); found++) {
      assertThat(ROOT.resolve("proto").resolve(path.group(1))).exists();
    }
    assertThat(found).isPositive();
  }

  /// The first block of a language.
  private static String snippet(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("proto/README.md"));
  }

  private boolean works(String... command) {
    try {
      run(command);
      return true;
    } catch (IOException | InterruptedException | AssertionError e) {
      return false;
    }
  }

  /// What a command prints, which ends well.
  private String run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
    assertThat(status).as(printed).isZero();
    return printed;
  }
}
