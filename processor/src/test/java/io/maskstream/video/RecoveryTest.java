package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.video.Playback.Answer;
import io.maskstream.wire.AccessUnit;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A task that moves rebuilds its decoders from a keyframe on; nobody may see that it did.
class RecoveryTest {

  private static final Grid GRID = upright -> new Size(49, 34);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h264_closed_gop.ts",
        "h264_open_gop.ts",
        "h264_interlaced.ts",
        "hevc_open_gop.ts",
        "mpeg2_open_gop.ts"
      })
  void aDecoderBegunAtAnyKeyframeAnswersLikeAnOlderOne(String clip) throws Exception {
    List<AccessUnit> units = units(clip);
    List<Answer> uninterrupted = Playback.of(units, GRID, 0, ticket -> true).answers;
    List<Integer> keyframes = keyframes(units);
    assertThat(keyframes).as("keyframes to begin at").hasSizeGreaterThan(2);

    for (int keyframe : keyframes) {
      List<Answer> begun = Playback.of(units, GRID, keyframe, ticket -> true).answers;
      assertThat(after(keyframe, begun))
          .as("answers after that of keyframe " + keyframe)
          .isEqualTo(after(keyframe, uninterrupted));
      assertThat(begun).hasSize(units.size() - keyframe);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h264_open_gop.ts", "hevc_open_gop.ts", "mpeg2_open_gop.ts"})
  void leadingPicturesOfTheFirstOpenGopAreAnsweredBeforeItsKeyframe(String clip) throws Exception {
    List<AccessUnit> units = units(clip);
    int keyframe = keyframes(units).get(1);
    List<Answer> begun = Playback.of(units, GRID, keyframe, ticket -> true).answers;

    List<Answer> early = begun.subList(0, begun.size() - after(keyframe, begun).size() - 1);
    assertThat(early)
        .isNotEmpty()
        .allMatch(answer -> answer.kind().equals("UNDECODABLE"))
        .allMatch(answer ->
            units.get((int) answer.ticket()).identity().pts()
                < units.get(keyframe).identity().pts());
  }

  @Test
  void picturesPassedOverWithoutConversionLeaveTheLaterOnesAsTheyAre() throws Exception {
    List<AccessUnit> units = units("h264_open_gop.ts");
    List<Answer> all = Playback.of(units, GRID, 0, ticket -> true).answers;
    List<Answer> late = Playback.of(units, GRID, 0, ticket -> ticket >= 20).answers;

    assertThat(late.stream().filter(answer -> answer.ticket() >= 20))
        .isEqualTo(all.stream().filter(answer -> answer.ticket() >= 20).toList());
    assertThat(late.stream().filter(answer -> answer.ticket() < 20))
        .allMatch(answer -> answer.kind().equals("passed"));
  }

  private static List<Answer> after(int ticket, List<Answer> answers) {
    List<Long> order = answers.stream().map(Answer::ticket).toList();
    return answers.subList(order.indexOf((long) ticket) + 1, answers.size());
  }

  private static List<Integer> keyframes(List<AccessUnit> units) {
    return IntStream.range(0, units.size()).filter(i -> units.get(i).keyframe()).boxed().toList();
  }

  static List<AccessUnit> units(String clip) throws URISyntaxException {
    return Clip.read(Path.of(RecoveryTest.class.getResource(clip).toURI()), 0).accessUnits();
  }
}
