package io.maskstream.cli;

import io.maskstream.wire.ModelHistory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Which cameras a release is for.
final class ScopeOptions {

  @ArgGroup(exclusive = true)
  @Nullable One one;

  static final class One {

    @Option(names = "--all", description = "Every camera that has nothing narrower (the default).")
    boolean all;

    @Option(names = "--group", paramLabel = "NAME", description = "Cameras of a group.")
    @Nullable String group;

    @Option(names = "--camera", paramLabel = "ID", description = "One camera.")
    @Nullable String camera;
  }

  /// The key of the models topic.
  String scope() {
    if (one != null && one.camera != null) {
      return ModelHistory.ofCamera(one.camera);
    }
    return one != null && one.group != null ? ModelHistory.ofGroup(one.group) : ModelHistory.ALL;
  }
}
