package io.maskstream.trainer.cli;

import io.maskstream.trainer.net.Cost;
import io.maskstream.trainer.net.Network;
import io.maskstream.trainer.net.Networks;
import io.maskstream.video.Size;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/// The networks that can be built, one line each.
final class NetworkTable {

  private NetworkTable() {}

  /// Names, what they are, and how large.
  static void list(PrintWriter out) {
    for (Network network : Networks.all()) {
      Cost cost = cost(network, network.size());
      out.printf(
          Locale.ROOT,
          "%-27s %11d  %s%n",
          network.name(),
          cost.parameters(),
          network.description());
    }
  }

  /// What each costs for the classes that it was published for.
  ///
  /// @param size of the picture, where it is not to be the published one
  static void costs(PrintWriter out, Optional<Size> size) {
    out.printf(
        Locale.ROOT,
        "%-27s %7s %11s %11s %9s %8s%n",
        "network",
        "classes",
        "parameters",
        "in training",
        "picture",
        "GMAC");
    for (Network network : Networks.all()) {
      Size picture = size.orElse(network.size());
      Cost cost = cost(network, picture);
      out.printf(
          Locale.ROOT,
          "%-27s %7d %11d %11d %9s %8.2f%n",
          network.name(),
          network.classes(),
          cost.parameters(),
          cost.parameters() + cost.auxiliary(),
          picture,
          cost.macs() / 1e9);
    }
  }

  private static Cost cost(Network network, Size size) {
    return Cost.of(network.build(network.classes()), size);
  }
}
