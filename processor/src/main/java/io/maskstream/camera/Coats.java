package io.maskstream.camera;

import io.maskstream.camera.Scene.Look;
import io.maskstream.camera.Scene.SceneClass;
import java.util.List;
import java.util.Map;

/// The colour of each thing of a scene: its class's, or one of those that such things have. Grey is
/// a road, a house, a car or an overcast sky; red a car, a sign or a jacket.
///
/// @param seed of the scene
record Coats(Look look, long seed) {

  private static final Map<String, List<Integer>> COLOURS =
      Map.of(
          "sky", List.of(0x87b5e0, 0x4682b4, 0xc8ccd0, 0xa0a4aa, 0xe0b890, 0x6a7a90),
          "building", List.of(0x9a5a46, 0xc8b896, 0x8c8c8c, 0xd8d8d0, 0x5a5048, 0xb08868, 0x707c8c),
          "road", List.of(0x5c5c60, 0x808084, 0x46464a, 0x706860, 0x8a8078),
          "tree", List.of(0x3c5a28, 0x6b8e23, 0x50703c, 0x8c7832, 0x2e4632),
          "car",
              List.of(
                  0xb41e1e, 0xd8d8dc, 0x8c9094, 0x202226, 0x1e3c82, 0xc8a014, 0x3c6446, 0x7a1e28),
          "person",
              List.of(
                  0x28304a, 0xc02832, 0x5a5a5a, 0xd0c8b8, 0x32643c, 0x8c6496, 0x6e4632, 0xd2a028),
          "sign", List.of(0xc81e28, 0x1e46aa, 0xdcdc00, 0xe0e0e0, 0x287846));

  private static final int SPREAD = 24;

  /// The class in the colour of one of its things.
  ///
  /// @param thing its number; the same thing keeps its colour
  SceneClass of(SceneClass what, long thing) {
    return switch (look) {
      case PLAIN -> what;
      case VARIED -> {
        long chance = seed * 31 + what.id() * 1009L + thing * 7919;
        List<Integer> colours = COLOURS.getOrDefault(what.name(), List.of(0));
        int colour = colours.get((int) (Canvas.fraction(chance) * colours.size()));
        yield new SceneClass(
            what.id(),
            what.name(),
            near(colour >> 16 & 0xff, chance + 1),
            near(colour >> 8 & 0xff, chance + 2),
            near(colour & 0xff, chance + 3));
      }
    };
  }

  private static int near(int level, long chance) {
    double off = SPREAD * (Canvas.fraction(chance) - 0.5);
    return (int) Math.clamp(Math.round(level + off), 0, 255);
  }
}
