package io.maskstream.cli;

import io.maskstream.metrics.Alerts;
import io.maskstream.metrics.Dashboard;
import io.maskstream.metrics.Meter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What the processor measures, for Prometheus and Grafana.
@Command(
    name = "metrics",
    mixinStandardHelpOptions = true,
    description = "Tells what is measured, and writes alert rules and a dashboard of it.")
final class MetricsCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: list, alerts or dashboards");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Writes the table of all meters, in Markdown.")
  void list() {
    spec.commandLine().getOut().print(Meter.markdown());
    spec.commandLine().getOut().flush();
  }

  @Command(
      name = "alerts",
      mixinStandardHelpOptions = true,
      description = "Writes alerts.yaml, rules for Prometheus.")
  void alerts(
      @Option(names = "-d", paramLabel = "DIR", required = true, description = "Where to.")
          Path folder) {
    write(folder, "alerts.yaml", Alerts.yaml());
  }

  @Command(
      name = "dashboards",
      mixinStandardHelpOptions = true,
      description = "Writes dashboard.json, for Grafana.")
  void dashboards(
      @Option(names = "-d", paramLabel = "DIR", required = true, description = "Where to.")
          Path folder) {
    write(folder, "dashboard.json", Dashboard.json());
  }

  private void write(Path folder, String name, String text) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + "; choose another folder with -d", e);
    }
    spec.commandLine().getErr().println("wrote " + file);
  }
}
