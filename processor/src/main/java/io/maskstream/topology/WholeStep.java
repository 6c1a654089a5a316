package io.maskstream.topology;

import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;

/// What must not be committed by halves: an answer, and what is remembered of it.
///
/// When Kafka Streams finds a task corrupted, it commits the other tasks of the thread, and with
/// them, all being one transaction, whatever the corrupted task has sent so far
/// (TaskManager.handleCorruption, 4.3.1). A mask without its progress would then be made again. So
/// a step that breaks off says instead that the thread has lost all of its tasks: the transaction
/// is aborted, and the thread joins the group anew.
final class WholeStep {

  private WholeStep() {}

  /// @throws TaskMigratedException if Kafka breaks the step off
  static void take(Runnable step) {
    try {
      step.run();
    } catch (TaskCorruptedException | TimeoutException e) {
      throw new TaskMigratedException("a step broke off that must not be committed by halves", e);
    }
  }
}
