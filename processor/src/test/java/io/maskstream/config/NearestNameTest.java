package io.maskstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "flaw,lawn,2", "'',abc,3", "abc,'',3", "same,same,0"})
  void countsEditsAsLevenshteinDoes(String from, String to, int edits) {
    assertThat(NearestName.edits(from, to)).isEqualTo(edits);
  }

  @Test
  void takesTheFirstInTheAlphabetOfEquals() {
    assertThat(NearestName.of("b", List.of("c", "a"))).isEqualTo("a");
  }
}
