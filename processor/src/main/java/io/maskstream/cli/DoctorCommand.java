package io.maskstream.cli;

import io.maskstream.doctor.Doctor;
import io.maskstream.doctor.Finding;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Whether all that a processor stands on is well.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at brokers, topics, cameras, clocks, model, GPU, libraries and disk; changes nothing.",
      "One line for each finding, with its remedy. Exits with 1 if one is a failure."
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas; wins over the configuration's.")
  @Nullable String bootstrapServers;

  @Mixin ConfigOptions options;

  @Option(
      names = "--production",
      description = "A cluster that may lose records is a failure, and not just a warning.")
  boolean production;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public Integer call() throws InterruptedException {
    if (bootstrapServers != null) {
      options.properties.put("bootstrap.servers", bootstrapServers);
    }
    List<Finding> findings = new Doctor(options.read(), production).examine();
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case JSON ->
          out.println(
              format.write(
                  Map.of("findings", findings.stream().map(DoctorCommand::properties).toList())));
      case TABLE -> findings.forEach(each -> out.println(each.line()));
    }
    out.flush();
    return findings.stream().anyMatch(each -> each.level() == Finding.Level.FAILURE) ? 1 : 0;
  }

  private static Map<String, Object> properties(Finding finding) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("level", finding.level().toString());
    properties.put("subject", finding.subject());
    properties.put("what", finding.what());
    properties.put("remedy", finding.remedy());
    return properties;
  }
}
