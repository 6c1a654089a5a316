package io.maskstream.view;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The parameters of a request, and the words of its path, decoded.
///
/// @param path each word decoded on its own, so that a camera may be called `a/../b`
/// @param values as they were encoded; the last one where a name comes twice
record Query(List<String> path, Map<String, String> values) {

  /// @throws IllegalArgumentException if something is not encoded as addresses are
  static Query of(URI uri) {
    Map<String, String> values = new LinkedHashMap<>();
    String raw = uri.getRawQuery();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        String[] sides = pair.split("=", 2);
        values.put(decoded(sides[0]), sides.length > 1 ? sides[1] : "");
      }
    }
    return new Query(
        Arrays.stream(uri.getRawPath().substring(1).split("/", -1))
            .map(word -> decoded(word.replace("+", "%2B")))
            .toList(),
        values);
  }

  /// Empty if it is not there.
  String value(String name) {
    return decoded(values.getOrDefault(name, ""));
  }

  /// A list that is separated by commas; a comma within a name is encoded.
  Set<String> list(String name) {
    Set<String> list = new TreeSet<>();
    for (String part : values.getOrDefault(name, "").split(",")) {
      if (!part.isEmpty()) {
        list.add(decoded(part));
      }
    }
    return list;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
