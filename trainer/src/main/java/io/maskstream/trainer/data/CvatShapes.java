package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// CVAT's export "CVAT for images 1.1": `annotations.xml` with the polygons and masks of each
/// picture, and the pictures in `images` or beside. Shapes of a greater z-order, then later ones,
/// cover others; pixels without any are background, which is class 0 unless a label has its name.
/// Boxes, ellipses, lines, points and tags outline nothing and are skipped.
///
/// Classes are the labels in their order; with a `classes.txt` its classes, and other labels are
/// ignored. A split is the subset that CVAT put a picture in, or `SPLIT.txt` with a name a line.
final class CvatShapes {

  static final String FILE = "annotations.xml";

  private static final String BACKGROUND = "background";

  /// One shape of a picture.
  private record Shape(String label, int order, Area area) {}

  /// One picture of the file.
  private record Drawing(String file, String subset, int width, int height, List<Shape> shapes) {}

  private final Path file;
  private final List<String> labels = new ArrayList<>();
  private final List<Integer> colors = new ArrayList<>();
  private final List<Drawing> drawings = new ArrayList<>();

  private CvatShapes(Path file) {
    this.file = file;
  }

  static LabelledSet open(Wanted wanted) {
    CvatShapes shapes = new CvatShapes(wanted.root().resolve(FILE));
    shapes.parse();
    return shapes.set(wanted);
  }

  private LabelledSet set(Wanted wanted) {
    Path root = wanted.root();
    String split = wanted.split();
    Palette classes = Folders.named(root).orElseGet(this::labelled);
    Path list = root.resolve(split + ".txt");
    boolean listed = !split.isEmpty() && Files.isRegularFile(list);
    List<String> names = listed ? Folders.names(List.of(root), split) : List.of();
    List<Entry> entries = new ArrayList<>();
    for (Drawing drawing : drawings) {
      String name = Folders.name(Path.of(drawing.file()));
      boolean ofSplit =
          listed
              ? names.contains(name)
              : split.isEmpty() || drawing.subset().equalsIgnoreCase(split);
      if (ofSplit) {
        Path picture = picture(root, drawing);
        entries.add(new Entry(name, picture, new Labels(file, _ -> painted(drawing, classes))));
      }
    }
    if (entries.isEmpty()) {
      throw new LabelledSetException(
          "no pictures: %s has %d, none of the subset %s; there are %s"
              .formatted(
                  file,
                  drawings.size(),
                  split,
                  drawings.stream().map(Drawing::subset).distinct().sorted().toList()));
    }
    return FileSet.of(classes, entries, listed ? list : file);
  }

  private static Path picture(Path root, Drawing drawing) {
    return Stream.of(
            "images/" + drawing.file(),
            drawing.file(),
            "images/" + drawing.subset() + "/" + drawing.file())
        .map(root::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(root.resolve("images/" + drawing.file()));
  }

  private Palette labelled() {
    if (!labels.contains(BACKGROUND)) {
      labels.addFirst(BACKGROUND);
      colors.addFirst(0);
    }
    try {
      return new Palette(labels, colors);
    } catch (IllegalArgumentException e) {
      throw new LabelledSetException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static ClassPicture painted(Drawing drawing, Palette classes) {
    byte[] map = new byte[drawing.width() * drawing.height()];
    Arrays.fill(map, id(classes, BACKGROUND));
    drawing.shapes().stream()
        .sorted(Comparator.comparingInt(Shape::order))
        .forEach(shape ->
            shape.area().paint(map, drawing.width(), drawing.height(), id(classes, shape.label())));
    return new ClassPicture(drawing.width(), drawing.height(), map);
  }

  /// 255, which is ignored, for what is no class.
  private static byte id(Palette classes, String label) {
    return (byte) classes.names().indexOf(label);
  }

  private void parse() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      boolean ofLabel = false;
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "label" -> ofLabel = true;
            case "attributes" -> ofLabel = false;
            case "name" -> {
              if (ofLabel) {
                labels.add(xml.getElementText().strip());
                colors.add(Palette.numbered(labels.size() + 1).colors().getLast());
              }
            }
            case "color" -> {
              if (ofLabel) {
                colors.set(colors.size() - 1, color(xml.getElementText().strip()));
              }
            }
            case "image" ->
                drawings.add(
                    new Drawing(
                        wanted(xml, "name"),
                        optional(xml, "subset", ""),
                        (int) number(xml, "width"),
                        (int) number(xml, "height"),
                        new ArrayList<>()));
            case "polygon", "mask" -> shape(xml);
            case "track" ->
                throw wrong(xml, "tracks are of a video", "export it as CVAT for images 1.1");
            default -> {} // what outlines nothing
          }
        } else if (event == XMLStreamConstants.END_ELEMENT && xml.getLocalName().equals("label")) {
          ofLabel = false;
        }
      }
    } catch (IOException | XMLStreamException e) {
      throw new LabelledSetException("cannot read annotations %s: %s".formatted(file, e), e);
    }
  }

  private void shape(XMLStreamReader xml) {
    if (drawings.isEmpty()) {
      throw wrong(xml, "shape is of no image", "export the task again");
    }
    String label = wanted(xml, "label");
    if (!labels.contains(label)) {
      throw wrong(xml, "label is not listed: " + label, "it must stand under meta, labels");
    }
    try {
      Area area = xml.getLocalName().equals("polygon") ? polygon(xml) : runs(xml);
      int order = Integer.parseInt(optional(xml, "z_order", "0"));
      drawings.getLast().shapes().add(new Shape(label, order, area));
    } catch (IllegalArgumentException e) {
      throw wrong(xml, "shape cannot be read: " + e.getMessage(), "export the task again");
    }
  }

  private Area polygon(XMLStreamReader xml) {
    double[] places =
        Stream.of(wanted(xml, "points").split("[;,]")).mapToDouble(Double::parseDouble).toArray();
    double[] xs = new double[(places.length + 1) / 2];
    double[] ys = new double[places.length / 2];
    for (int i = 0; i < places.length; i++) {
      (i % 2 == 0 ? xs : ys)[i / 2] = places[i];
    }
    return new Area.Polygon(xs, ys);
  }

  private Area runs(XMLStreamReader xml) {
    int[] lengths =
        Stream.of(wanted(xml, "rle").split(","))
            .map(String::strip)
            .filter(run -> !run.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    return new Area.Runs(
        (int) number(xml, "left"),
        (int) number(xml, "top"),
        (int) number(xml, "width"),
        (int) number(xml, "height"),
        lengths);
  }

  private double number(XMLStreamReader xml, String attribute) {
    String text = wanted(xml, attribute);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(xml, attribute + " is no number: " + text, "export the task again");
    }
  }

  private String wanted(XMLStreamReader xml, String attribute) {
    @Nullable String value = xml.getAttributeValue(null, attribute);
    if (value == null) {
      throw wrong(xml, xml.getLocalName() + " has no " + attribute, "export the task again");
    }
    return value;
  }

  private static String optional(XMLStreamReader xml, String attribute, String usual) {
    @Nullable String value = xml.getAttributeValue(null, attribute);
    return value == null ? usual : value;
  }

  private static int color(String text) {
    try {
      return Integer.parseInt(text.replace("#", ""), 16) & 0xffffff;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private LabelledSetException wrong(XMLStreamReader xml, String what, String remedy) {
    String of = drawings.isEmpty() ? "" : " image=" + drawings.getLast().file();
    return new LabelledSetException(
        "%s: %s line=%d%s; %s"
            .formatted(what, file, xml.getLocation().getLineNumber(), of, remedy));
  }
}
