package io.maskstream.cli;

import io.maskstream.store.ReleaseStore;
import io.maskstream.store.ReleaseStore.Stored;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what lies in a store.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Says which releases lie in a store, by name and version.")
final class ModelListCommand implements Runnable {

  @Spec CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "URI",
      required = true,
      description = "A folder: file:///PATH, a path, or s3://BUCKET/FOLDER.")
  String store = "";

  @Mixin StoreArguments arguments = new StoreArguments();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    try (ReleaseStore releases = new ReleaseStore(arguments.options(List.of(), true))) {
      releases
          .list(ReleaseStore.address(store))
          .forEach(stored -> spec.commandLine().getOut().println(line(stored)));
    }
  }

  private String line(Stored stored) {
    return switch (format) {
      case JSON -> format.write(ModelPushCommand.properties(stored));
      case TABLE ->
          String.format(
              Locale.ROOT,
              "%-32s %.12s %12d bytes  %-10s %s",
              stored.manifest().stem(),
              stored.manifest().sha256(),
              stored.manifest().bytes(),
              stored.signed() ? "signed" : "unsigned",
              stored.uri());
    };
  }
}
