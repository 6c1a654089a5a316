package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the shell scripts themselves, on a machine whose JDKs are hidden.
class LauncherTest {

  private static final Path ROOT = Path.of(System.getProperty("maskstream.root"));

  @TempDir Path folder;

  @Test
  void saysPlainlyThatThereIsNoJdk() throws Exception {
    Files.createDirectories(folder.resolve("jvms"));
    for (String script : new String[] {"maskstream", "mvnw"}) {
      Process process = start(ROOT.resolve(script), "--help");
      String said = new String(process.getErrorStream().readAllBytes());
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(said)
          .startsWith("Maskstream needs a JDK 25")
          .contains("JAVA_HOME")
          .hasLineCount(2);
    }
  }

  @Test
  void passesOverAnOlderJdk() throws Exception {
    Path old = folder.resolve("jvms/jdk-21");
    Files.createDirectories(old.resolve("bin"));
    Path javac = Files.writeString(old.resolve("bin/javac"), "#!/bin/sh\n");
    assertThat(javac.toFile().setExecutable(true)).isTrue();
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"21.0.5\"\n");
    Process process = start(ROOT.resolve("maskstream"), "--help");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  private Process start(Path launcher, String argument) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : new String[] {"sh", "dirname", "readlink", "sed", "cat", "env"}) {
      Path script =
          Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", launcher.toString(), argument).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", bin.toString());
    environment.put("HOME", folder.toString());
    environment.put("MASKSTREAM_JVM_FOLDERS", folder.resolve("jvms").toString());
    return builder.start();
  }
}
