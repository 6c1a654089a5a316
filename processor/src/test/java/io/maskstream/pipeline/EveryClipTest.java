package io.maskstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.SharedClips;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Limits;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every real clip goes through the whole pipeline, all cameras at once.
class EveryClipTest {

  /// Clips in which FFmpeg itself finds damage, or that begin without a keyframe: pictures may be
  /// missing, answers may not.
  private static final List<String> DAMAGED = List.of("bad_", "loss_", "codec_mpegts_", "conf_MR1");

  @Test
  void everyAccessUnitOfEveryClipIsAnsweredOnce(@TempDir Path folder) throws Exception {
    List<Path> clips = clips(SharedClips.of("videos"));
    Map<String, List<AccessUnit>> published = new HashMap<>();
    SoftAssertions softly = new SoftAssertions();
    try (Pipeline pipeline = new Pipeline(folder, smallRelease(), Limits.STANDARD)) {
      for (Path clip : clips) {
        String camera = clip.getFileName().toString();
        published.put(camera, pipeline.publish(camera, clip));
      }
      int all = published.values().stream().mapToInt(List::size).sum();
      pipeline.readUntil(
          () -> pipeline.masks.size() >= all && pipeline.statistics.size() >= all,
          Duration.ofMinutes(4));
      assertThat(pipeline.deadLetters).isEmpty();
      assertThat(pipeline.masks.stream().map(mask -> key(mask.identity())))
          .as("statistics are joined to masks by identity")
          .containsExactlyInAnyOrderElementsOf(
              pipeline.statistics.stream().map(each -> key(each.identity())).toList());
      Map<String, List<Mask>> answers =
          pipeline.masks.stream().collect(Collectors.groupingBy(m -> m.identity().cameraId()));
      published.forEach((camera, units) -> check(softly, camera, units, answers.get(camera)));
    }
    softly.assertAll();
  }

  private static void check(
      SoftAssertions softly, String camera, List<AccessUnit> units, List<Mask> answers) {
    softly
        .assertThat(answers.stream().map(Mask::identity).collect(Collectors.toSet()))
        .as("%s: every access unit is answered, with its own identity", camera)
        .isEqualTo(units.stream().map(AccessUnit::identity).collect(Collectors.toSet()));
    softly.assertThat(answers).as("%s: once", camera).hasSize(units.size());
    if (DAMAGED.stream().anyMatch(camera::startsWith)) {
      return;
    }
    Map<Object, Long> markers =
        answers.stream()
            .filter(answer -> answer.content() instanceof Marker)
            .collect(Collectors.groupingBy(Mask::content, Collectors.counting()));
    softly.assertThat(markers).as("%s: nothing is missing", camera).isEmpty();
    List<Long> pts = answers.stream().map(answer -> answer.identity().pts()).toList();
    softly
        .assertThat(pts)
        .as("%s: presentation order", camera)
        .isEqualTo(pts.stream().sorted(Comparator.naturalOrder()).toList());
    if (camera.startsWith("rot_90")) {
      softly.assertThat(answers.getFirst().source().width()).isEqualTo(320);
      softly.assertThat(answers.getFirst().source().height()).isEqualTo(568);
    }
    if (camera.startsWith("camvid_val_res_change")) {
      softly
          .assertThat(answers.stream().map(answer -> answer.source().width()).distinct())
          .containsExactly(480, 320, 640);
    }
  }

  private static Object key(Identity identity) {
    return List.of(identity.cameraId(), identity.sessionId(), identity.sequence());
  }

  private static List<Path> clips(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
    }
  }

  /// The demo's network, taking small frames: this is about video, not about pixels per second.
  private static ReleaseFile smallRelease() throws IOException {
    try (var in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      OnnxModel model = OnnxModel.read(in.readAllBytes(), "scene.onnx");
      model.metadata().put("maskstream.size.max_pixels", Integer.toString(80 * 60));
      return ReleaseFile.of(model.toBytes(), "small scene.onnx");
    }
  }
}
