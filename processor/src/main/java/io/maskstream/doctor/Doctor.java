package io.maskstream.doctor;

import io.maskstream.config.ProcessorConfig;
import java.util.ArrayList;
import java.util.List;

/// Examines what a processor with this configuration would stand on.
///
/// @param production whether a cluster that may lose records is a failure, and not just a warning
public record Doctor(ProcessorConfig config, boolean production) {

  /// Asks brokers for half a minute at most, and runs the release of the configuration.
  public List<Finding> examine() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    if (new ClusterExamination(config, production, findings).run()) {
      new CameraExamination(config, findings).run();
    }
    new ModelExamination(config, findings).run();
    new HostExamination(config, findings).run();
    return List.copyOf(findings);
  }
}
