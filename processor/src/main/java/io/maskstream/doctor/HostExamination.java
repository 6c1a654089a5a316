package io.maskstream.doctor;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.inference.InferenceException;
import io.maskstream.inference.OnnxRuntime;
import io.maskstream.video.Decoders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;

/// This machine: its libraries and its disk.
record HostExamination(ProcessorConfig config, List<Finding> findings) {

  private static final long FAILURE_BYTES = 256L << 20;
  private static final long WARNING_BYTES = 2L << 30;

  void run() {
    versions();
    disk();
  }

  private void versions() {
    try {
      findings.add(
          Finding.ok(
              "versions",
              "java=%s onnxruntime=%s ffmpeg=%s kafka.client=%s"
                  .formatted(
                      Runtime.version(),
                      OnnxRuntime.version(),
                      Decoders.ffmpegVersion(),
                      AppInfoParser.getVersion())));
    } catch (InferenceException | LinkageError e) {
      findings.add(
          Finding.failed(
              Finding.Level.FAILURE,
              "versions",
              "a native library cannot be loaded: " + e.getMessage(),
              "run on Linux x64 or arm64 with glibc, or with the image"));
    }
  }

  /// The folder may not be there yet.
  private void disk() {
    Path folder = config.stream().stateDir().toAbsolutePath();
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String what = "state.dir=%s free=%d MiB".formatted(folder, free >> 20);
      String remedy = "free some space, or set state.dir to a folder on another disk";
      if (!Files.isWritable(there)) {
        findings.add(
            Finding.failure(
                "disk",
                "state.dir=%s cannot be written".formatted(folder),
                "give this user the folder, or set state.dir to another"));
      } else if (free < FAILURE_BYTES) {
        findings.add(Finding.failure("disk", what, remedy));
      } else {
        findings.add(
            free < WARNING_BYTES
                ? Finding.warning("disk", what, remedy)
                : Finding.ok("disk", what));
      }
    } catch (IOException e) {
      findings.add(
          Finding.failure(
              "disk",
              "state.dir=%s cannot be looked at: %s".formatted(folder, e.getMessage()),
              "set state.dir to a folder on a disk"));
    }
  }
}
