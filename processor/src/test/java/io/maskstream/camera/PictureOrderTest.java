package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.PictureOrder.Ranked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureOrderTest {

  /// A picture: which sequence it is of, and its count in it.
  private record Picture(int sequence, long count) {}

  @Test
  void ranksAsSortingTheWholeStreamDoes() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 200; round++) {
      List<Picture> decoded = stream(random);
      List<Picture> shown =
          decoded.stream()
              .sorted(Comparator.comparingInt(Picture::sequence).thenComparing(Picture::count))
              .toList();
      List<Ranked<Picture>> ranked = rank(decoded, true);
      assertThat(ranked).extracting(Ranked::picture).isEqualTo(decoded);
      assertThat(ranked)
          .allSatisfy(each -> assertThat(shown.get((int) each.rank())).isEqualTo(each.picture()));
    }
  }

  @Test
  void findsTheBeginOfASequenceThatNobodyReports() {
    List<Picture> decoded = new ArrayList<>();
    IntStream.range(0, 40).forEach(i -> decoded.add(new Picture(0, 2L * i)));
    IntStream.range(0, 40).forEach(i -> decoded.add(new Picture(1, 2L * i)));
    assertThat(rank(decoded, false).stream().map(Ranked::rank))
        .isEqualTo(IntStream.range(0, 80).mapToObj(i -> (long) i).toList());
  }

  @Test
  void holdsBackNoMoreThanADecoderMay() {
    PictureOrder<Integer> order = new PictureOrder<>();
    int given = 0;
    for (int i = 0; i < 100; i++) {
      given += order.add(i, i, i == 0).size();
      assertThat(i + 1 - given).isLessThanOrEqualTo(16);
    }
  }

  /// Sequences whose pictures are shown at most 16 later than they are decoded.
  private static List<Picture> stream(SplittableRandom random) {
    List<Picture> decoded = new ArrayList<>();
    for (int sequence = 0; sequence < 4; sequence++) {
      List<Long> counts = new ArrayList<>(List.of(0L));
      long next = 1;
      int pictures = random.nextInt(1, 60);
      while (counts.size() < pictures) {
        // A group of B-pictures behind the picture that is shown last of all.
        int group = Math.min(random.nextInt(1, 16), pictures - counts.size());
        List<Long> behind = new ArrayList<>();
        for (long i = next; i < next + group; i++) {
          behind.add(i * 2);
        }
        counts.add(behind.removeLast());
        while (!behind.isEmpty()) {
          counts.add(behind.remove(random.nextInt(behind.size())));
        }
        next += group;
      }
      for (long count : counts) {
        decoded.add(new Picture(sequence, count));
      }
    }
    return decoded;
  }

  private static List<Ranked<Picture>> rank(List<Picture> decoded, boolean reported) {
    PictureOrder<Picture> order = new PictureOrder<>();
    List<Ranked<Picture>> ranked = new ArrayList<>();
    int sequence = -1;
    for (Picture picture : decoded) {
      ranked.addAll(
          order.add(picture, picture.count(), reported && picture.sequence() != sequence));
      sequence = picture.sequence();
    }
    ranked.addAll(order.end());
    return ranked;
  }
}
