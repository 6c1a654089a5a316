package io.maskstream.cli;

import io.maskstream.topology.Topics;
import picocli.CommandLine.Option;

/// Which topics a command reads.
final class TopicOptions {

  @Option(
      names = "--topic-prefix",
      paramLabel = "WORD",
      description = "First word of all topic names (default: ${DEFAULT-VALUE}).",
      defaultValue = "maskstream")
  String prefix = "maskstream";

  Topics topics() {
    return Topics.withPrefix(prefix);
  }
}
