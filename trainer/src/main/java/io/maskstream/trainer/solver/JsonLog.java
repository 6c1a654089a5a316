package io.maskstream.trainer.solver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// One JSON object a line, for a program to read: every step, evaluation and note. A resumed run
/// appends.
public final class JsonLog implements FitObserver {

  private final Path file;
  private final Writer writer;

  public JsonLog(Path file) {
    this.file = file;
    try {
      writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void stepped(StepReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", report.step());
    line.put("loss", report.loss());
    line.put("lr", report.lr());
    line.put("gradient_norm", report.gradientNorm());
    line.put("pictures", report.pictures());
    line.put("pictures_per_second", report.picturesPerSecond());
    line.put("waiting_fraction", report.waiting());
    write(line);
  }

  @Override
  public void evaluated(EvaluationReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", report.step());
    line.put("mean_iou", report.scores().meanIou());
    line.put("pixel_accuracy", report.scores().pixelAccuracy());
    line.put("mean_accuracy", report.scores().meanAccuracy());
    line.put("frequency_weighted_iou", report.scores().frequencyWeightedIou());
    line.put("best", report.best());
    line.put("seconds", report.took().toMillis() / 1e3);
    write(line);
  }

  @Override
  public void noted(long step, String sentence) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("note", sentence);
    write(line);
  }

  private void write(Map<String, Object> line) {
    try {
      writer.write(
          line.entrySet().stream()
              .map(entry -> quoted(entry.getKey()) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}\n")));
      writer.flush(); // for whoever follows the file
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static String json(Object value) {
    return switch (value) {
      // JSON has no word for these.
      case Double number when !Double.isFinite(number) -> "null";
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else {
        quoted.append(c < 0x20 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : "" + c);
      }
    }
    return quoted.append('"').toString();
  }

  private SolverException failed(IOException e) {
    return new SolverException(
        "cannot write the log " + file + ": " + e.getMessage() + "; free the disk, then --resume",
        e);
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
