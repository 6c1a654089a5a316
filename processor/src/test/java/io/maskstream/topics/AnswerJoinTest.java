package io.maskstream.topics;

import static io.maskstream.topics.Answers.maskAnswer;
import static io.maskstream.topics.Answers.statisticsAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswerJoinTest {

  private final List<String> joined = new ArrayList<>();
  private final AnswerJoin<Long> join =
      new AnswerJoin<>(
          mask -> mask.mask().identity().sequence(),
          (sequence, statistics) ->
              joined.add(
                  sequence
                      + "+"
                      + (statistics == null ? "nothing" : statistics.identity().sequence())));

  @Test
  void joinsInTheMasksOrderHoweverTheTopicsInterleave() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      joined.clear();
      int mask = 0;
      int statistics = 0;
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        expected.add((round * 20 + i) + "+" + (round * 20 + i));
      }
      while (mask < 20 || statistics < 20) {
        if (statistics == 20 || (mask < 20 && random.nextBoolean())) {
          join.add(maskAnswer("gate", round * 20L + mask++));
        } else {
          join.add(statisticsAnswer("gate", round * 20L + statistics++));
        }
      }
      assertThat(joined).isEqualTo(expected);
    }
    assertThat(join.isWaiting()).isFalse();
  }

  @Test
  void aMaskWhoseStatisticsAreGoneIsHandedOverOnceLaterOnesCome() {
    join.add(maskAnswer("gate", 1));
    join.add(maskAnswer("gate", 2));
    assertThat(joined).isEmpty();
    join.add(statisticsAnswer("gate", 2));
    assertThat(joined).containsExactly("1+nothing", "2+2");
  }

  @Test
  void statisticsOfMasksThatAreGoneAreDropped() {
    join.add(statisticsAnswer("gate", 1));
    join.add(statisticsAnswer("gate", 2));
    join.add(maskAnswer("gate", 2));
    join.add(maskAnswer("gate", 1));
    assertThat(joined).containsExactly("2+2");
    join.flush();
    assertThat(joined).containsExactly("2+2", "1+nothing");
  }

  @Test
  void oneCameraDoesNotWaitForAnother() {
    join.add(maskAnswer("gate", 1));
    join.add(maskAnswer("yard", 5));
    join.add(statisticsAnswer("yard", 5));
    assertThat(joined).containsExactly("5+5");
    assertThat(join.isWaiting()).isTrue();
  }

  @Test
  void whatWaitsIsBounded() {
    for (int i = 0; i < 20_001; i++) {
      join.add(maskAnswer("gate", i));
    }
    assertThat(joined).containsExactly("0+nothing");
  }
}
