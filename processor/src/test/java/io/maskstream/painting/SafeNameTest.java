package io.maskstream.painting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SafeNameTest {

  @Test
  void aPlainIdIsItsOwnName() {
    assertThat(SafeName.of("gate-2.north")).isEqualTo("gate-2.north");
  }

  @Test
  void noIdIsAPathAndNoTwoShareAName() {
    List<String> ids =
        List.of(
            "../../x",
            "..",
            ".",
            "/etc/passwd",
            "a/b",
            "a\\b",
            "a_b",
            "a:b",
            "C:\\x",
            "Straße",
            "x".repeat(255),
            "x".repeat(254) + "y",
            ".hidden");
    List<String> names = ids.stream().map(SafeName::of).toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> {
          assertThat(name).matches("[A-Za-z0-9-][A-Za-z0-9.-]{0,79}");
          assertThat(Path.of("dir").resolve(name).normalize().getParent())
              .isEqualTo(Path.of("dir"));
        });
  }
}
