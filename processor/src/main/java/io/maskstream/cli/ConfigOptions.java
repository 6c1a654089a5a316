package io.maskstream.cli;

import io.maskstream.config.ConfigurationException;
import io.maskstream.config.ProcessorConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The configuration of the processor, as a command takes it.
final class ConfigOptions {

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Properties of the processor; `maskstream config docs` lists the keys.")
  @Nullable Path file;

  @Option(
      names = "-X",
      paramLabel = "KEY=VALUE",
      description = "One property; wins over the environment (MASKSTREAM_...) and the file.")
  Map<String, String> properties = new LinkedHashMap<>();

  /// @throws ConfigurationException with a line for every fault
  ProcessorConfig read() {
    ProcessorConfig config = ProcessorConfig.read(file, properties, System.getenv());
    config.printout().warnings().forEach(spec.commandLine().getErr()::println);
    return config;
  }
}
