package io.maskstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.AclTable;
import io.maskstream.topics.AclTable.Role;
import io.maskstream.topics.TopicSpec;
import io.maskstream.topics.TopicTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The tables of the README are what their formulas and the code say.
class ReadmeTablesTest {

  private static final String README = Chart.text(Chart.ROOT.resolve("deploy/README.md"));
  private static final Map<String, Double> FIGURES = figures();

  @Test
  void capacityFollowsFromTheFigures() {
    assertThat(rows("capacity"))
        .hasSize(10)
        .allSatisfy(row -> {
          String[] camera = row.getFirst().split(" × ");
          int cameras = Integer.parseInt(camera[0].replace(",", ""));
          assertThat(row.subList(1, row.size())).isEqualTo(needs(cameras, camera[1]));
        });
  }

  /// The cells of one row, in the words of the README's formulas.
  private static List<String> needs(int cameras, String picture) {
    double frames = cameras * figure("frames/s of a camera");
    double video = cameras * figure("KB/s of video, " + picture) / 1000;
    double masks = frames * figure("KB of a mask, " + picture) / 1000;
    double gpus = Math.ceil(frames / figure("frames/s of a GPU"));
    double cores = 2 * Math.ceil(frames / figure("frames/s of two cores"));
    double partitions = 24 * Math.ceil(Math.max(2 * gpus, video / 5) / 24);
    double full = partitions * figure("GB of frames in a partition, at most");
    double secondsKept = Math.min(3600 * figure("hours of frames"), 1000 * full / video);
    double replicas = figure("replicas");
    return List.of(
        number(frames),
        number(video),
        number(masks),
        number(replicas * (video + masks)),
        whole(partitions),
        number(replicas * video * secondsKept / 1000),
        (int) (secondsKept / 60) + " min",
        number(replicas * masks * 3.6 * figure("hours of masks")),
        whole(cores),
        whole(gpus));
  }

  @Test
  void figuresOfTheTopicsAreThoseOfTheCode() {
    Map<String, TopicSpec> topics =
        TopicTable.standard(24, 3).topics().stream()
            .collect(Collectors.toMap(TopicSpec::name, topic -> topic));
    Map<String, String> frames = topics.get("maskstream.frames").configs();
    Map<String, String> masks = topics.get("maskstream.masks").configs();
    assertThat(Double.parseDouble(frames.get("retention.ms")) / 3_600_000)
        .isEqualTo(figure("hours of frames"));
    assertThat(Double.parseDouble(masks.get("retention.ms")) / 3_600_000)
        .isEqualTo(figure("hours of masks"));
    assertThat(Math.round(Double.parseDouble(frames.get("retention.bytes")) / 1e7) / 100.0)
        .isEqualTo(figure("GB of frames in a partition, at most"));
  }

  @Test
  void aclsAreThoseOfTopicsAcls() {
    List<List<String>> wanted =
        Arrays.stream(Role.values())
            .flatMap(role ->
                AclTable.STANDARD.of(role).stream()
                    .map(acl ->
                        List.of(
                            role.name().toLowerCase(Locale.ROOT),
                            "`" + acl.resource() + "`",
                            String.join(", ", acl.operationNames()),
                            acl.why())))
            .toList();
    assertThat(rows("acls")).isEqualTo(wanted);
  }

  private static double figure(String name) {
    Double figure = FIGURES.get(name);
    if (figure == null) {
      throw new AssertionError("the README has no figure " + name);
    }
    return figure;
  }

  private static Map<String, Double> figures() {
    Map<String, Double> figures = new HashMap<>();
    rows("figures").forEach(row -> figures.put(row.getFirst(), Double.valueOf(row.get(1))));
    return figures;
  }

  /// The cells of the table between two comments, without its head.
  private static List<List<String>> rows(String name) {
    String table =
        README.substring(
            README.indexOf("<!-- " + name + " -->"), README.indexOf("<!-- /" + name + " -->"));
    return table
        .lines()
        .filter(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> Stream.of(line.split("\\|")).skip(1).map(String::strip).toList())
        .toList();
  }

  private static String number(double value) {
    return value >= 100
        ? whole(value)
        : String.format(Locale.ROOT, value >= 1 ? "%.1f" : "%.2f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%,d", Math.round(value));
  }
}
