package io.maskstream.trainer.solver;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Ctrl-C while this is open: the run ends after its step, and the program when this is closed, so
/// that everything is saved before.
public final class Interruption implements AutoCloseable {

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupted, "save-on-interruption");
  private volatile @Nullable Solver solver;

  public Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Names the run that is to end.
  public void stops(Solver running) {
    solver = running;
  }

  private void interrupted() {
    Solver running = solver;
    if (running == null) {
      return;
    }
    running.stop();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the program is ending, and the hook with it
    }
  }
}
