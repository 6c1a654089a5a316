package io.maskstream.trainer.cli;

import io.maskstream.camera.Scene.Look;
import io.maskstream.trainer.data.CachedSet;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.LabelledSets;
import io.maskstream.trainer.data.Modalities;
import io.maskstream.trainer.data.Scenes;
import java.nio.file.Path;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which labelled pictures.
final class SetOptions {

  private static final String SCENES = "scenes";
  private static final int SCENES_TO_LEARN = 1000;
  private static final int SCENES_TO_JUDGE = 60;
  private static final int SCENE_WIDTH = 480;
  private static final int SCENE_HEIGHT = 360;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "A folder of labelled pictures, of a data set (--set) or images/ and labels/ with "
            + "classes.txt;",
        "or the word scenes, for generated ones."
      })
  @Nullable String data;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      completionCandidates = SetNames.class,
      description = {
        "What the folder holds: ${COMPLETION-CANDIDATES} (default: what it looks like)."
      })
  @Nullable String set;

  @Option(
      names = "--planes",
      defaultValue = "color",
      description = {
        "What a picture of nyudv2 is made of: ${COMPLETION-CANDIDATES} "
            + "(default: ${DEFAULT-VALUE})."
      })
  Modalities planes = Modalities.COLOR;

  /// For help and completion.
  static final class SetNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LabelledSets.names().iterator();
    }
  }

  LabelledSet open(String split, boolean judged) {
    String from = from();
    if (from.equals(SCENES)) {
      return judged
          ? Scenes.of(2, SCENES_TO_JUDGE, SCENE_WIDTH, SCENE_HEIGHT, Look.VARIED)
          : Scenes.of(1, SCENES_TO_LEARN, SCENE_WIDTH, SCENE_HEIGHT, Look.VARIED);
    }
    return CachedSet.inHalfTheHeap(inFolder(Path.of(from), split));
  }

  private LabelledSet inFolder(Path folder, String split) {
    if (set == null && planes == Modalities.COLOR) {
      return LabelledSets.open(folder, split);
    }
    String name = set != null ? set : LabelledSets.recognised(folder, split).orElse("nyudv2");
    return LabelledSets.open(name, folder, split, planes);
  }

  /// The same, but for what is given here.
  SetOptions otherwise(@Nullable String otherData, @Nullable String otherSet) {
    SetOptions other = new SetOptions();
    other.data = otherData == null ? data : otherData;
    other.set = otherSet == null ? set : otherSet;
    other.planes = planes;
    return other;
  }

  /// Where the pictures are, for people.
  String name() {
    return from().equals(SCENES)
        ? "generated scenes"
        : String.valueOf(Path.of(from()).toAbsolutePath().normalize().getFileName());
  }

  boolean isGiven() {
    return data != null;
  }

  private String from() {
    if (data == null) {
      throw new IllegalArgumentException("--data DIR is missing: the labelled pictures");
    }
    return data;
  }
}
