package io.maskstream.topology;

import io.maskstream.topology.SegmentationStream.State;
import io.maskstream.topology.SwapRig.Running;
import java.nio.file.Path;

/// A processor whose releases are swapped, to be killed at will. Arguments: brokers, application
/// id, state folder.
public final class SwappedProcess {

  private SwappedProcess() {}

  public static void main(String[] args) throws Exception {
    Running running = SwapRig.start(args[0], args[1], Topics.STANDARD, Path.of(args[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(running::close));
    State end = running.stream().awaitTermination();
    if (end == State.FAILED) {
      System.err.println("failed: " + running.stream().failure());
      Runtime.getRuntime().halt(1);
    }
  }
}
