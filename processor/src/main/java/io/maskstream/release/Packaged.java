package io.maskstream.release;

import io.maskstream.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.List;

/// A release that has been made and verified, and not yet been written.
public final class Packaged {

  private final OnnxModel model;
  private final ReleaseFile release;
  private final Verification verification;
  private final List<String> notes;

  Packaged(OnnxModel model, ReleaseFile release, Verification verification, List<String> notes) {
    this.model = model;
    this.release = release;
    this.verification = verification;
    this.notes = notes;
  }

  public ReleaseFile release() {
    return release;
  }

  public Verification verification() {
    return verification;
  }

  /// What was chosen on the user's behalf, one sentence each.
  public List<String> notes() {
    return notes;
  }

  /// Writes the release whole or not at all.
  public void write(Path file) {
    model.write(file);
  }
}
