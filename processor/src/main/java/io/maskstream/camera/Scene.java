package io.maskstream.camera;

import io.maskstream.camera.Canvas.Brush;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A moving street, drawn from a seed: sky, houses, trees, a road, cars, people and signs, with
/// texture, changing light and noise. The same seed, size and time give the same picture, byte by
/// byte.
///
/// What is what is known for every pixel, so it stands in for a labelled camera: in the demo, in
/// tests, and in training. Thread-safe.
public final class Scene {

  /// How things are coloured and lit.
  public enum Look {
    /// Each thing in its class's colour, in nearly even light: the nearest colour tells the class.
    PLAIN,
    /// Each thing in a colour of its own, which things of other classes may have too, in strong or
    /// weak, warm or cold light from one side, with coarse texture and noise: place and shape tell
    /// the class.
    VARIED
  }

  /// A class of things in the scene.
  ///
  /// @param id in class maps
  /// @param red of the mean colour, 0 to 255
  /// @param green of the mean colour, 0 to 255
  /// @param blue of the mean colour, 0 to 255
  public record SceneClass(int id, String name, int red, int green, int blue) {}

  /// A drawn picture and its truth.
  ///
  /// @param rgb height x width x 3 bytes, full-range R'G'B'
  /// @param classes height x width class ids
  @SuppressWarnings("ArrayRecordComponent") // handed on once, compared never
  public record Picture(int width, int height, byte[] rgb, byte[] classes) {}

  /// The colours of Cityscapes' palette for the same things.
  public static final List<SceneClass> CLASSES =
      List.of(
          new SceneClass(0, "sky", 70, 130, 180),
          new SceneClass(1, "building", 70, 70, 70),
          new SceneClass(2, "road", 128, 64, 128),
          new SceneClass(3, "tree", 107, 142, 35),
          new SceneClass(4, "car", 0, 0, 142),
          new SceneClass(5, "person", 220, 20, 60),
          new SceneClass(6, "sign", 220, 220, 0));

  private static final SceneClass SKY = CLASSES.get(0);
  private static final SceneClass BUILDING = CLASSES.get(1);
  private static final SceneClass ROAD = CLASSES.get(2);
  private static final SceneClass TREE = CLASSES.get(3);
  private static final SceneClass CAR = CLASSES.get(4);
  private static final SceneClass PERSON = CLASSES.get(5);
  private static final SceneClass SIGN = CLASSES.get(6);

  private static final int SMALLEST_SIDE = 16;
  private static final int CARS = 3;
  private static final int PEOPLE = 4;
  private static final int SIGNS = 2;
  private static final int TREES = 4;

  /// Picture widths that a thing travels before it comes again; it is unseen for a while.
  private static final double LAP = 1.6;

  private final long seed;
  private final int width;
  private final int height;
  private final double horizon;
  private final double lightPhase;
  private final double pan;
  private final List<Mover> trees;
  private final List<Mover> cars;
  private final List<Mover> people;
  private final List<Mover> signs;
  private final Look look;
  private final Coats coats;

  /// Something that crosses the picture again and again.
  ///
  /// @param number of the thing among its like
  /// @param start where it is at first, in picture widths
  /// @param speed in picture widths a second; negative is leftwards
  /// @param ground where it touches the ground, in picture heights
  /// @param size its height, in picture heights
  private record Mover(int number, double start, double speed, double ground, double size) {

    /// Its middle in picture widths; outside 0 to 1 while it is not seen.
    double at(double seconds) {
      double lap = (start + speed * seconds) % LAP;
      return (lap < 0 ? lap + LAP : lap) - (LAP - 1) / 2;
    }
  }

  /// A plain scene.
  ///
  /// @param width of the pictures in pixels
  /// @param height of the pictures in pixels
  public Scene(long seed, int width, int height) {
    this(seed, width, height, Look.PLAIN);
  }

  /// The same things at the same places, whatever the look.
  ///
  /// @param width of the pictures in pixels
  /// @param height of the pictures in pixels
  public Scene(long seed, int width, int height, Look look) {
    if (width < SMALLEST_SIDE || height < SMALLEST_SIDE) {
      throw new IllegalArgumentException(
          "scene is too small: %dx%d; at least %d pixels a side"
              .formatted(width, height, SMALLEST_SIDE));
    }
    this.seed = seed;
    this.width = width;
    this.height = height;
    this.look = look;
    this.coats = new Coats(look, seed);
    SplittableRandom random = new SplittableRandom(seed);
    horizon = random.nextDouble(0.48, 0.56);
    lightPhase = random.nextDouble(2 * Math.PI);
    pan = random.nextDouble(0.01, 0.03);
    trees = movers(random, TREES, 0.01, 0.03, 0.0, 0.03, 0.24, 0.34);
    signs = movers(random, SIGNS, 0.02, 0.04, 0.02, 0.06, 0.30, 0.36);
    people = movers(random, PEOPLE, 0.02, 0.06, 0.08, 0.20, 0.20, 0.28);
    cars = movers(random, CARS, 0.08, 0.20, 0.22, 0.42, 0.16, 0.24);
  }

  /// The scene that the generated camera of this id shows, in any size.
  public static Scene ofCamera(String cameraId, int width, int height, Look look) {
    return new Scene(cameraId.hashCode(), width, height, look);
  }

  /// Draws the scene as it is some seconds after its beginning.
  public Picture at(double seconds) {
    double cloud = 1 + 0.07 * Math.sin(2 * Math.PI * seconds / 19 + lightPhase);
    Light light =
        switch (look) {
          case PLAIN -> Light.plain(cloud);
          case VARIED -> Light.drawn(seed).brighter(cloud);
        };
    Canvas canvas = new Canvas(width, height, light, seed ^ Math.round(seconds * 1e6));
    drawSky(canvas);
    drawBuildings(canvas, pan * seconds);
    drawRoad(canvas, pan * seconds);
    trees.forEach(tree -> drawTree(canvas, tree, seconds));
    signs.forEach(sign -> drawSign(canvas, sign, seconds));
    people.forEach(person -> drawPerson(canvas, person, seconds));
    cars.forEach(car -> drawCar(canvas, car, seconds));
    return canvas.picture();
  }

  private List<Mover> movers(
      SplittableRandom random,
      int count,
      double slowest,
      double fastest,
      double nearestHorizon,
      double farthest,
      double smallest,
      double largest) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          // What is nearer to the viewer is lower in the picture and larger, and drawn later.
          double nearness = (i + random.nextDouble(0.8)) / count;
          double speed = random.nextDouble(slowest, fastest) * (random.nextBoolean() ? 1 : -1);
          return new Mover(
              i,
              random.nextDouble(LAP),
              speed,
              horizon + nearestHorizon + nearness * (farthest - nearestHorizon),
              smallest + nearness * (largest - smallest));
        })
        .toList();
  }

  private void drawSky(Canvas canvas) {
    canvas.rectangle(
        coats.of(SKY, 0), 0, 0, 1, horizon + 0.05, (x, y) -> 8 - 20 * y + 5 * wave(x * 9, y * 5));
  }

  /// A skyline of blocks that passes slowly; windows are a grid of lighter panes.
  private void drawBuildings(Canvas canvas, double shift) {
    double block = 0.13;
    long first = (long) Math.floor(shift / block);
    for (long i = first; i * block - shift < 1; i++) {
      double left = i * block - shift;
      double tall = 0.16 + 0.26 * Canvas.fraction(seed + 31 * i);
      double tone = 14 * Canvas.fraction(seed ^ 77 * i) - 7;
      Brush panes =
          (x, y) ->
              tone
                  + (Math.floorMod((long) ((x - left) * 70), 2) + Math.floorMod((long) (y * 50), 2)
                          == 2
                      ? 12
                      : -4);
      canvas.rectangle(
          coats.of(BUILDING, i), left, horizon - tall, left + block, horizon + 0.02, panes);
    }
  }

  private void drawRoad(Canvas canvas, double shift) {
    canvas.rectangle(
        coats.of(ROAD, 0),
        0,
        horizon,
        1,
        1,
        (x, y) -> 7 * wave((x + shift) * 23, y * 60) - 6 * (1 - y));
  }

  private void drawTree(Canvas canvas, Mover tree, double seconds) {
    double x = tree.at(seconds);
    SceneClass what = coats.of(TREE, tree.number());
    double half = tree.size() * 0.42 * height / width;
    double top = tree.ground() - tree.size();
    Brush leaves = (u, v) -> 12 * wave(u * 80, v * 80) - 4;
    canvas.rectangle(what, x - half * 0.15, top, x + half * 0.15, tree.ground(), (u, v) -> -14);
    canvas.ellipse(what, x, top + tree.size() * 0.36, half, tree.size() * 0.36, leaves);
  }

  private void drawSign(Canvas canvas, Mover sign, double seconds) {
    double x = sign.at(seconds);
    SceneClass what = coats.of(SIGN, sign.number());
    double top = sign.ground() - sign.size();
    double half = sign.size() * 0.22 * height / width;
    canvas.rectangle(what, x - half * 0.16, top, x + half * 0.16, sign.ground(), (u, v) -> -6);
    canvas.ellipse(
        what,
        x,
        top + sign.size() * 0.2,
        half,
        sign.size() * 0.22,
        (u, v) -> 6 * wave(u * 60, v * 60));
  }

  private void drawPerson(Canvas canvas, Mover person, double seconds) {
    double x = person.at(seconds);
    SceneClass what = coats.of(PERSON, person.number());
    double tall = person.size();
    double half = tall * 0.16 * height / width;
    double step = 0.5 * half * Math.sin(seconds * 6 + person.start() * 9);
    double top = person.ground() - tall;
    Brush cloth = (u, v) -> 8 * wave(u * 90, v * 30);
    canvas.ellipse(what, x, top + tall * 0.12, half * 0.6, tall * 0.12, (u, v) -> 8);
    canvas.rectangle(what, x - half, top + tall * 0.22, x + half, top + tall * 0.6, cloth);
    for (double foot : new double[] {step, -step}) {
      canvas.rectangle(
          what,
          x + foot - half * 0.4,
          top + tall * 0.58,
          x + foot + half * 0.4,
          person.ground(),
          (u, v) -> -8);
    }
  }

  private void drawCar(Canvas canvas, Mover car, double seconds) {
    double x = car.at(seconds);
    SceneClass what = coats.of(CAR, car.number());
    double tall = car.size();
    double half = tall * 1.15 * height / width;
    double top = car.ground() - tall;
    Brush paint = (u, v) -> 8 * wave(u * 25, v * 40);
    canvas.rectangle(what, x - half * 0.55, top, x + half * 0.5, top + tall * 0.5, (u, v) -> 10);
    canvas.rectangle(what, x - half, top + tall * 0.4, x + half, top + tall * 0.86, paint);
    for (double wheel : new double[] {-0.6, 0.6}) {
      canvas.ellipse(
          what,
          x + half * wheel,
          top + tall * 0.84,
          tall * 0.18 * height / width,
          tall * 0.16,
          (u, v) -> -8);
    }
  }

  /// A texture between -1 and 1.
  private static double wave(double x, double y) {
    return Math.sin(x + 0.7 * Math.sin(y)) * Math.cos(y - 0.4 * Math.sin(x));
  }
}
