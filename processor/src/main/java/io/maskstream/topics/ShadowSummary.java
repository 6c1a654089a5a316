package io.maskstream.topics;

import io.maskstream.wire.ShadowReport;
import io.maskstream.wire.ShadowReport.ClassAgreement;
import io.maskstream.wire.ShadowReport.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// What all processors together have seen of a candidate.
///
/// @param candidate its frames; of times the slowest processor's median
/// @param serving the same frames, by the release in force
/// @param skipped frames of the candidate's share that it was not shown
/// @param classes agreement by class
public record ShadowSummary(
    int processors,
    Figures candidate,
    Figures serving,
    long skipped,
    List<ClassAgreement> classes) {

  public ShadowSummary {
    classes = List.copyOf(classes);
  }

  public static ShadowSummary of(List<ShadowReport> reports) {
    return new ShadowSummary(
        reports.size(),
        sum(reports, ShadowReport::candidate),
        sum(reports, ShadowReport::serving),
        reports.stream().mapToLong(ShadowReport::skipped).sum(),
        classes(reports));
  }

  private static Figures sum(List<ShadowReport> reports, Function<ShadowReport, Figures> whose) {
    List<Figures> all = reports.stream().map(whose).toList();
    return new Figures(
        sum(all, Figures::answered),
        sum(all, Figures::failed),
        sum(all, Figures::notANumber),
        sum(all, Figures::failedBatches),
        sum(all, Figures::constant),
        all.stream().map(Figures::inference).max(Duration::compareTo).orElse(Duration.ZERO));
  }

  private static <T> long sum(List<T> all, ToLongFunction<T> what) {
    return all.stream().mapToLong(what).sum();
  }

  private static List<ClassAgreement> classes(List<ShadowReport> reports) {
    Map<String, List<ClassAgreement>> byName = new TreeMap<>();
    for (ShadowReport report : reports) {
      for (ClassAgreement each : report.classes()) {
        byName.computeIfAbsent(each.name(), _ -> new ArrayList<>()).add(each);
      }
    }
    return byName.entrySet().stream()
        .map(entry ->
            new ClassAgreement(
                entry.getKey(),
                sum(entry.getValue(), ClassAgreement::both),
                sum(entry.getValue(), ClassAgreement::candidate),
                sum(entry.getValue(), ClassAgreement::serving)))
        .toList();
  }

  /// Mean intersection over union of the classes that either release has seen.
  public OptionalDouble meanIou() {
    return ShadowReport.meanIou(classes);
  }
}
