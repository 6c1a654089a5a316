package io.maskstream.trainer.data;

import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a labelled set holds, found by reading all of it.
///
/// @param pictures that can be used
/// @param sizes how many pictures have each size
/// @param classes by id
/// @param ignored pixels without a class
/// @param mean of R, G and B, 0 to 255
/// @param deviation of R, G and B, over all pixels
/// @param problems pictures that cannot be used, and why; training would fail at them
/// @param remarks what is odd but no mistake
public record Survey(
    int pictures,
    Map<Size, Integer> sizes,
    List<ClassCount> classes,
    long ignored,
    List<Double> mean,
    List<Double> deviation,
    List<String> problems,
    List<String> remarks) {

  private static final int NAMED = 8;

  public Survey {
    classes = List.copyOf(classes);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    problems = List.copyOf(problems);
    remarks = List.copyOf(remarks);
  }

  /// One class.
  ///
  /// @param pictures that show it
  /// @param pixels that are it
  /// @param pixelsThere all pixels, not ignored, of the pictures that show it
  public record ClassCount(String name, int pictures, long pixels, long pixelsThere) {}

  /// Reads every picture once.
  ///
  /// @param progress told the number of pictures read
  public static Survey of(LabelledSet set, IntConsumer progress) {
    int count = set.classes().size();
    Map<Size, Integer> sizes =
        new TreeMap<>(Comparator.comparingLong(Size::pixels).thenComparingInt(Size::width));
    int[] showing = new int[count];
    long[] pixels = new long[count];
    long[] pixelsThere = new long[count];
    long[] sums = new long[3];
    long[] squares = new long[3];
    long ignored = 0;
    int pictures = 0;
    List<String> problems = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      try {
        LabelledPicture picture = set.read(i);
        long[] areas = picture.labels().areas();
        long here = IntStream.range(0, count).mapToLong(id -> areas[id]).sum();
        for (int id = 0; id < count; id++) {
          showing[id] += areas[id] > 0 ? 1 : 0;
          pixels[id] += areas[id];
          pixelsThere[id] += areas[id] > 0 ? here : 0;
        }
        if (here == 0) {
          remarks.add("every pixel is ignored: " + picture.name());
        }
        ignored += areas[LabelledPicture.IGNORE];
        sizes.merge(new Size(picture.width(), picture.height()), 1, Integer::sum);
        add(picture.picture().rgb(), sums, squares);
        pictures++;
      } catch (LabelledSetException e) {
        problems.add(e.getMessage());
      }
      progress.accept(i + 1);
    }
    List<ClassCount> classes = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      String name = set.classes().names().get(id);
      classes.add(new ClassCount(name, showing[id], pixels[id], pixelsThere[id]));
    }
    remarks.addAll(absent(classes));
    double all = sizes.entrySet().stream().mapToLong(e -> e.getKey().pixels() * e.getValue()).sum();
    List<Double> mean = new ArrayList<>();
    List<Double> deviation = new ArrayList<>();
    for (int channel = 0; channel < 3; channel++) {
      double average = sums[channel] / all;
      mean.add(average);
      deviation.add(Math.sqrt(squares[channel] / all - average * average));
    }
    return new Survey(pictures, sizes, classes, ignored, mean, deviation, problems, remarks);
  }

  /// Of many classes only the number, for the table has them.
  private static List<String> absent(List<ClassCount> classes) {
    List<String> absent = new ArrayList<>();
    for (int id = 0; id < classes.size(); id++) {
      if (classes.get(id).pictures() == 0) {
        absent.add("no picture shows class " + id + " (" + classes.get(id).name() + ")");
      }
    }
    return absent.size() <= NAMED
        ? absent
        : List.of(
            "no picture shows "
                + absent.size()
                + " of the "
                + classes.size()
                + " classes; they cannot be learnt from these");
  }

  private static void add(byte[] rgb, long[] sums, long[] squares) {
    for (int i = 0; i < rgb.length; i += 3) {
      for (int channel = 0; channel < 3; channel++) {
        int level = rgb[i + channel] & 0xff;
        sums[channel] += level;
        squares[channel] += level * level;
      }
    }
  }

  /// All pixels that have a class.
  public long pixels() {
    return classes.stream().mapToLong(ClassCount::pixels).sum();
  }

  /// A class's share of the pixels that have one.
  public double share(int classId) {
    return classes.get(classId).pixels() / (double) pixels();
  }

  /// For people: counts, then a line a class, then problems and remarks.
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "pictures  %d, sizes %s", pictures, sizesText());
    line(text, "mean      R %.1f  G %.1f  B %.1f", mean.toArray());
    line(text, "deviation R %.1f  G %.1f  B %.1f", deviation.toArray());
    line(text, "ignored   %.1f %% of pixels", 100.0 * ignored / (ignored + pixels()));
    int width = classes.stream().mapToInt(each -> each.name().length()).max().orElse(0);
    line(text, "%3s  %-" + width + "s  %8s  %8s", "ID", "CLASS", "PIXELS", "PICTURES");
    for (int id = 0; id < classes.size(); id++) {
      ClassCount each = classes.get(id);
      line(
          text,
          "%3d  %-" + width + "s  %6.2f %%  %8d",
          id,
          each.name(),
          100 * share(id),
          each.pictures());
    }
    problems.forEach(problem -> line(text, "problem: %s", problem));
    remarks.forEach(remark -> line(text, "remark: %s", remark));
    return text.toString();
  }

  /// For programs; the keys stay as they are.
  public Map<String, Object> properties() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("pictures", pictures);
    Map<String, Object> bySize = new LinkedHashMap<>();
    sizes.forEach((size, count) -> bySize.put(size.toString(), count));
    properties.put("sizes", bySize);
    properties.put("pixels", pixels());
    properties.put("ignored_pixels", ignored);
    properties.put("mean_rgb", mean);
    properties.put("deviation_rgb", deviation);
    properties.put(
        "classes",
        classes.stream()
            .map(each -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("name", each.name());
              one.put("pixels", each.pixels());
              one.put("pictures", each.pictures());
              return one;
            })
            .toList());
    properties.put("problems", problems);
    properties.put("remarks", remarks);
    return properties;
  }

  private String sizesText() {
    return sizes.entrySet().stream()
        .map(e -> e.getKey() + " (" + e.getValue() + ")")
        .collect(Collectors.joining(", "));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
