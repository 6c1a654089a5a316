package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What goes in: looked at, published, listed.
@Command(
    name = "camera",
    mixinStandardHelpOptions = true,
    description = "Looks at cameras and publishes them.",
    subcommands = {
      CameraPublishCommand.class,
      CameraProbeCommand.class,
      CameraListCommand.class,
      CameraSnapshotCommand.class
    })
final class CameraCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: publish, probe, list or snapshot");
  }
}
