package io.maskstream.trainer.cli;

import io.maskstream.trainer.data.CachedSet;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.LabelledSets;
import io.maskstream.trainer.data.Scenes;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Which labelled pictures.
final class SetOptions {

  private static final String SCENES = "scenes";
  private static final int SCENES_TO_LEARN = 400;
  private static final int SCENES_TO_JUDGE = 60;
  private static final int SCENE_WIDTH = 320;
  private static final int SCENE_HEIGHT = 240;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = {
        "A folder of labelled pictures: CamVid (train/, trainannot/), VOC (JPEGImages/, "
            + "SegmentationClass/), or images/ and labels/ with classes.txt;",
        "or the word scenes, for generated ones."
      })
  String data = "";

  LabelledSet open(String split, boolean judged) {
    if (data.equals(SCENES)) {
      return judged
          ? Scenes.of(2, SCENES_TO_JUDGE, SCENE_WIDTH, SCENE_HEIGHT)
          : Scenes.of(1, SCENES_TO_LEARN, SCENE_WIDTH, SCENE_HEIGHT);
    }
    return CachedSet.inHalfTheHeap(LabelledSets.open(Path.of(data), split));
  }

  /// Where the pictures are, for people.
  String name() {
    return data.equals(SCENES)
        ? "generated scenes"
        : String.valueOf(Path.of(data).toAbsolutePath().normalize().getFileName());
  }
}
