package io.maskstream.proto;

import io.maskstream.proto.v1.Mask;
import io.maskstream.proto.v1.RunLengths;

/// Run-length coding pixel by pixel, written without looking at [Runs].
final class NaiveRuns {

  private NaiveRuns() {}

  static RunLengths encode(byte[] classes) {
    RunLengths.Builder runs = RunLengths.newBuilder();
    var ids = com.google.protobuf.ByteString.newOutput();
    int length = 0;
    for (int i = 0; i < classes.length; i++) {
      length++;
      if (i + 1 == classes.length || classes[i] != classes[i + 1]) {
        ids.write(classes[i]);
        runs.addLengths(length);
        length = 0;
      }
    }
    return runs.setClassIds(ids.toByteString()).build();
  }

  static Mask mask(byte[] classes, int width, int height) {
    return Mask.newBuilder()
        .setWidth(width)
        .setHeight(height)
        .setRunLengths(encode(classes))
        .build();
  }

  static long area(byte[] classes, int classId) {
    long pixels = 0;
    for (byte id : classes) {
      if ((id & 0xff) == classId) {
        pixels++;
      }
    }
    return pixels;
  }
}
