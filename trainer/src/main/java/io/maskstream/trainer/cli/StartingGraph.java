package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseMetadata;
import io.maskstream.trainer.export.ReleaseEnds;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.RandomStart;
import io.maskstream.trainer.solver.SolverException;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.trainer.surgery.Retarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The graph that a run begins with.
///
/// @param model trainable: `image` in, `logits` of the wanted classes out
/// @param scoreFactor on the learning rate of the score layers: 10 if they are new, else 1
/// @param notes what was made of the file, in words
record StartingGraph(OnnxModel model, double scoreFactor, List<String> notes) {

  private static final double NEW_SCORES = 10;
  private static final int PROBE = 224;

  /// The graph of a run that goes on.
  static StartingGraph of(Checkpoint checkpoint, double scoreFactor) {
    return new StartingGraph(checkpoint.model(), scoreFactor, List.of());
  }

  /// Makes a trainable graph of whatever the file holds.
  ///
  /// @param classes of the labelled pictures
  static StartingGraph of(InitOptions options, Palette classes, long seed) {
    Path file = options.init;
    if (file == null) {
      throw new IllegalArgumentException("--init FILE is missing: the graph to begin with");
    }
    OnnxModel given =
        Checkpoint.isOne(file) ? Checkpoint.read(file).model() : OnnxModel.read(file);
    if (ReleaseEnds.areOn(given)) {
      given = ReleaseEnds.strip(given, file.toString());
    }
    List<String> notes = new ArrayList<>();
    StartingGraph made =
        isTrainable(given)
            ? ofTrainable(given, options, classes, file)
            : ofThirdParty(given, options, classes, file);
    OnnxModel model =
        options.randomInit ? RandomStart.of(made.model(), seed) : made.model();
    ReleaseMetadata.putClasses(model, classes);
    notes.addAll(made.notes());
    return new StartingGraph(model, made.scoreFactor(), notes);
  }

  static boolean isTrainable(OnnxModel model) {
    return model.graph().inputs().size() == 1
        && model.graph().inputs().getFirst().name().equals(Trainable.IMAGE)
        && model.graph().outputs().stream()
            .anyMatch(output -> output.name().equals(Trainable.LOGITS));
  }

  private static StartingGraph ofTrainable(
      OnnxModel given, InitOptions options, Palette classes, Path file) {
    long has =
        given.graph().outputs().stream()
            .filter(output -> output.name().equals(Trainable.LOGITS))
            .findFirst()
            .orElseThrow()
            .shape()
            .get(1)
            .size();
    Optional<Palette> named = ReleaseMetadata.classes(given);
    if (has == classes.size()
        && named.map(old -> old.names().equals(classes.names())).orElse(true)) {
      return new StartingGraph(
          GraphImport.normalise(given, file.toString()),
          1,
          List.of(file + " learns on with its " + has + " classes"));
    }
    return retargeted(given, options, classes, named, file);
  }

  private static StartingGraph ofThirdParty(
      OnnxModel given, InitOptions options, Palette classes, Path file) {
    if (!isClassifier(given, file)) {
      return retargeted(given, options, classes, ReleaseMetadata.classes(given), file);
    }
    FcnOptions fcn = FcnOptions.of(classes.size(), options.stride);
    Optional<InitOptions.Known> known = options.known();
    if (known.isPresent()) {
      fcn = fcn.with(known.get().normalisation(), known.get().channels());
    }
    return new StartingGraph(
        Fcn.of(given, fcn),
        NEW_SCORES,
        List.of(
            file
                + " is a classifier; it becomes an FCN-"
                + options.stride
                + "s of "
                + classes.size()
                + " classes"));
  }

  private static StartingGraph retargeted(
      OnnxModel given, InitOptions options, Palette classes, Optional<Palette> named, Path file) {
    throw new SolverException("not yet");
  }

  /// Whether the output says what is in the whole picture, not where.
  private static boolean isClassifier(OnnxModel given, Path file) {
    OnnxModel model = GraphImport.normalise(given, file.toString());
    Map<String, long[]> inputs = new HashMap<>();
    for (OnnxValue input : model.graph().inputs()) {
      long[] shape =
          input.shape().stream().mapToLong(side -> side.isFixed() ? side.size() : -1).toArray();
      for (int axis = 0; axis < shape.length; axis++) {
        boolean colours = shape.length == 4 && axis == 1 && shape[3] != 3;
        shape[axis] =
            shape[axis] > 0 ? shape[axis] : axis == 0 ? 1 : colours ? 3 : PROBE;
      }
      inputs.put(input.name(), shape);
    }
    Shapes shapes = Shapes.of(model.graph(), inputs);
    return model.graph().outputs().stream()
        .map(output -> shapes.of(output.name()))
        .noneMatch(shape -> shape.length == 4 && shape[1] * shape[2] > 1 && shape[2] * shape[3] > 1
            || shape.length == 3);
  }
}
