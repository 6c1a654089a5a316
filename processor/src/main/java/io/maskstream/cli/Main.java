package io.maskstream.cli;

import io.maskstream.config.ConfigurationException;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The launcher's entry: stdout is data, stderr is progress and logs; exit code 0 is success, 1 a
/// failure, 2 a wrong command line or configuration.
@Command(
    name = "maskstream",
    mixinStandardHelpOptions = true,
    version = "maskstream 0.1.0",
    description = "Turns camera video on Kafka into segmentation masks on Kafka.",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CameraCommand.class,
      MaskCommand.class,
      ModelCommand.class,
      TopicsCommand.class,
      LabelCandidatesCommand.class,
      WatchCommand.class,
      ViewCommand.class,
      DoctorCommand.class,
      MetricsCommand.class,
      BenchCommand.class,
      ConfigCommand.class
    })
public final class Main implements Runnable {

  public static void main(String[] args) {
    if (args.length == 0 || !args[0].equals("run")) {
      System.setProperty("maskstream.log.kafka", "OFF");
    }
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine root = new CommandLine(new Main());
    ServiceLoader.load(CommandModule.class)
        .forEach(module -> root.addSubcommand(module.name(), module));
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
          commandLine.getErr().println(message(failure));
          return failure instanceof ConfigurationException ? 2 : 1;
        });
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(this), "a command is missing");
  }

  /// What failed, with every cause that adds to it.
  private static String message(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      if (text.indexOf(said) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(said);
      }
    }
    return text.toString();
  }
}
