package io.maskstream.cli;

import io.maskstream.topics.ShadowSummary;
import io.maskstream.topics.ShadowTrial;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ShadowReport.ClassAgreement;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// By which a candidate may be promoted.
final class TrialOptions {

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames that the candidate has to have seen (default: 500).",
      defaultValue = "500")
  long frames = 500;

  @Option(
      names = "--agreement",
      paramLabel = "IOU",
      description =
          "Least mean IoU, 0 to 1, of its masks and those of the release in force"
              + " (default: 0, any).",
      defaultValue = "0")
  double agreement;

  ShadowTrial trial() {
    return new ShadowTrial(frames, agreement);
  }

  static Map<String, Object> properties(String scope, Shadow candidate, ShadowSummary summary) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("scope", scope);
    properties.put("candidate", candidate.release().toString());
    properties.put("share", candidate.share());
    properties.put("rejection", candidate.rejection());
    properties.put("processors", summary.processors());
    properties.put("frames", summary.candidate().frames());
    properties.put("skipped", summary.skipped());
    properties.put("failed", summary.candidate().failed());
    properties.put("not_a_number", summary.candidate().notANumber());
    properties.put("failed_batches", summary.candidate().failedBatches());
    properties.put("constant", summary.candidate().constant());
    properties.put("constant_serving", summary.serving().constant());
    properties.put("milliseconds", summary.candidate().inference().toNanos() / 1e6);
    properties.put("milliseconds_serving", summary.serving().inference().toNanos() / 1e6);
    properties.put("mean_iou", summary.meanIou().orElse(0));
    for (ClassAgreement each : summary.classes()) {
      properties.put("iou." + each.name(), each.iou().orElse(0));
    }
    return properties;
  }
}
