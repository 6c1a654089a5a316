package io.maskstream.store;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Orders versions as people count: by their runs of digits and of letters, one after the other,
/// digits as numbers and before letters. So 9 < 10, 1.9 < 1.10, 2 < 2.1, 3 < retrained.
final class Versions {

  static final Comparator<String> ORDER = Versions::compare;

  private static final Pattern RUN = Pattern.compile("\\d+|[A-Za-z]+");

  private Versions() {}

  private static int compare(String left, String right) {
    List<String> a = runs(left);
    List<String> b = runs(right);
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      boolean number = Character.isDigit(a.get(i).charAt(0));
      if (number != Character.isDigit(b.get(i).charAt(0))) {
        return number ? -1 : 1;
      }
      int order =
          number
              ? new BigInteger(a.get(i)).compareTo(new BigInteger(b.get(i)))
              : a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return a.size() != b.size() ? Integer.compare(a.size(), b.size()) : left.compareTo(right);
  }

  private static List<String> runs(String version) {
    List<String> runs = new ArrayList<>();
    for (Matcher run = RUN.matcher(version); run.find(); ) {
      runs.add(run.group());
    }
    return runs;
  }
}
