package io.maskstream.cli;

import io.maskstream.store.SigningKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Makes a pair of keys.
@Command(
    name = "keygen",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a pair of Ed25519 keys: FILE signs releases and stays with who makes them, FILE.pub is "
          + "for every processor that shall accept them."
    })
final class ModelKeygenCommand implements Runnable {

  @Spec CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where to write the secret key; never over a file that is there.")
  Path out;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    Path open = out.resolveSibling(out.getFileName() + ".pub");
    SigningKeys.generate(out, open);
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("secret", out.toString());
    properties.put("public", open.toString());
    spec.commandLine().getOut().println(format.write(properties));
  }
}
