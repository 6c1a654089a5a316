package io.maskstream.inference;

import io.maskstream.gate.Reason;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

/// What came of a proof.
public sealed interface Verdict {

  /// The candidate may be loaded.
  ///
  /// @param frames that it was run on
  /// @param goldenFrames of those, the release's own
  /// @param differing largest share of pixels of a golden frame whose class was another
  /// @param provider that was at work
  /// @param batchMax largest micro-batch that was run
  /// @param frameTime of one frame, whatever else the machine did
  /// @param memoryBytes that loading and running it took
  record Proven(
      int frames,
      int goldenFrames,
      double differing,
      Provider provider,
      int batchMax,
      Duration frameTime,
      long memoryBytes)
      implements Verdict {}

  /// The candidate must not be loaded.
  ///
  /// @param sentence for people: what it does, with which values, and the remedy
  record Refused(Reason reason, String sentence) implements Verdict {}

  /// Longest sentence that a proof may say.
  int MAX_SENTENCE = 4_000;

  /// For the pipe between the proof and whoever asked for it.
  default void write(DataOutputStream out) throws IOException {
    switch (this) {
      case Proven proven -> {
        out.writeByte(1);
        out.writeInt(proven.frames());
        out.writeInt(proven.goldenFrames());
        out.writeDouble(proven.differing());
        out.writeUTF(proven.provider().name());
        out.writeInt(proven.batchMax());
        out.writeLong(proven.frameTime().toNanos());
        out.writeLong(proven.memoryBytes());
      }
      case Refused(Reason reason, String sentence) -> {
        out.writeByte(2);
        out.writeUTF(reason.name());
        out.writeUTF(sentence.substring(0, Math.min(MAX_SENTENCE, sentence.length())));
      }
    }
    out.flush();
  }

  /// @throws IOException if nothing whole was written
  static Verdict read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    try {
      if (kind == 1) {
        return new Proven(
            in.readInt(),
            in.readInt(),
            in.readDouble(),
            Provider.valueOf(in.readUTF()),
            in.readInt(),
            Duration.ofNanos(in.readLong()),
            in.readLong());
      }
      return new Refused(Reason.valueOf(in.readUTF()), in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("no verdict", e);
    }
  }
}
