package io.maskstream.trainer.cli;

import io.maskstream.trainer.solver.EvaluationReport;
import io.maskstream.trainer.solver.FitObserver;
import io.maskstream.trainer.solver.StepReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// A bar with loss, mean IoU, pictures a second and time left where a person watches; elsewhere a
/// line for each evaluation and note.
final class ProgressLine implements FitObserver {

  private static final int PARTS = 1000;
  private static final double SMOOTHING = 0.98;

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private double loss = Double.NaN;
  private String score = "";

  /// @param terminal whether a person watches
  ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName("fit")
                .setInitialMax(PARTS)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out))
                .hideEta()
                .build()
            : null;
  }

  @Override
  public void stepped(StepReport report) {
    if (Double.isFinite(report.loss())) {
      loss =
          Double.isNaN(loss) ? report.loss() : SMOOTHING * loss + (1 - SMOOTHING) * report.loss();
    }
    if (bar != null) {
      bar.stepTo(Math.round(PARTS * report.progress()));
      bar.setExtraMessage(
          String.format(
              Locale.ROOT,
              " loss %.3f%s, %.1f/s, %s left",
              loss,
              score,
              report.picturesPerSecond(),
              clock(report.left())));
    }
  }

  @Override
  public void evaluated(EvaluationReport report) {
    score = String.format(Locale.ROOT, " mIoU %.4f", report.scores().meanIou());
    if (bar == null) {
      out.printf(
          Locale.ROOT,
          "step %d: loss %.3f, mean IoU %.4f, pixel accuracy %.4f%s%n",
          report.step(),
          loss,
          report.scores().meanIou(),
          report.scores().pixelAccuracy(),
          report.best() ? ", the best so far" : "");
    }
  }

  @Override
  public void noted(long step, String sentence) {
    out.println((bar == null ? "" : "\n") + "step " + step + ": " + sentence);
  }

  private static String clock(Duration duration) {
    return duration.toHours() > 0
        ? duration.toHours() + ":" + String.format(Locale.ROOT, "%02d h", duration.toMinutesPart())
        : duration.toMinutes()
            + ":"
            + String.format(Locale.ROOT, "%02d min", duration.toSecondsPart());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
