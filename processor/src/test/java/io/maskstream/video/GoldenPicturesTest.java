package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every conformant clip, pixel by pixel against FFmpeg's command line. The golden lists were made
/// by framemd5.sh with an FFmpeg that is years older and decodes AV1 with another library.
class GoldenPicturesTest {

  /// One video track of the golden list.
  record Track(String clip, int track, int pictures, String digest, List<String> first) {

    @Override
    public String toString() {
      return clip + " track " + track;
    }
  }

  @TestFactory
  Stream<DynamicTest> sharedClipsGiveTheCommandLinesPictures() throws IOException {
    Path videos = Path.of(System.getProperty("maskstream.shared", ""), "videos");
    Assumptions.assumeTrue(Files.isDirectory(videos), "the shared clips are not here");
    return compare(videos, "framemd5.txt");
  }

  @TestFactory
  Stream<DynamicTest> generatedClipsGiveTheCommandLinesPictures() throws Exception {
    Path folder =
        Path.of(GoldenPicturesTest.class.getResource("generated.txt").toURI()).getParent();
    return compare(folder, "generated.txt");
  }

  private static Stream<DynamicTest> compare(Path folder, String list) throws IOException {
    return golden(list).stream()
        .map(track -> DynamicTest.dynamicTest(track.toString(), () -> compare(folder, track)));
  }

  private static void compare(Path videos, Track track) {
    Clip clip = Clip.read(videos.resolve(track.clip()), track.track());
    Playback playback = Playback.of(clip.accessUnits(), Playback.SAME, 0, ticket -> false);

    assertThat(playback.answersPerTicket)
        .as("every access unit is answered once")
        .hasSize(clip.units().size())
        .allSatisfy((ticket, count) -> assertThat(count).isEqualTo(1));
    List<String> pictures = playback.nativePicturesInOrder();
    assertThat(pictures.subList(0, Math.min(pictures.size(), track.first().size())))
        .isEqualTo(track.first());
    assertThat(pictures).hasSize(track.pictures());
    String all = pictures.stream().map(line -> line + "\n").collect(Collectors.joining());
    assertThat(Playback.md5(StandardCharsets.US_ASCII.encode(all))).isEqualTo(track.digest());
  }

  static List<Track> golden(String list) throws IOException {
    List<Track> tracks = new ArrayList<>();
    for (String line : lines(list)) {
      String[] words = line.strip().split(" ");
      if (line.startsWith("  ")) {
        tracks.getLast().first().add(words[1] + " " + words[2]);
      } else {
        tracks.add(
            new Track(
                words[0],
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                words[3],
                new ArrayList<>()));
      }
    }
    return tracks;
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream list = GoldenPicturesTest.class.getResourceAsStream(name)) {
      return new String(list.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }
}
