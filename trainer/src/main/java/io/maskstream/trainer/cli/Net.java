package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseMetadata;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.export.ReleaseEnds;
import io.maskstream.trainer.export.ReleaseRun;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.Evaluation;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.SolverException;
import io.maskstream.trainer.solver.TorchPredictor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// A trained net that can be asked: a trainable graph in libtorch, or a release in ONNX Runtime.
/// Owns its native memory; whoever opened it closes it.
sealed interface Net extends Evaluator.Predictor, AutoCloseable {

  /// The classes that it names.
  Optional<Palette> palette();

  @Override
  void close();

  /// Reads a trainable graph; of a release, the one within.
  static OnnxModel trainable(Path file) {
    OnnxModel model = Checkpoint.isOne(file) ? Checkpoint.read(file).model() : OnnxModel.read(file);
    OnnxModel net = ReleaseEnds.areOn(model) ? ReleaseEnds.strip(model, file.toString()) : model;
    if (!StartingGraph.isTrainable(net)) {
      throw new SolverException(
          file
              + " is no trained graph: it has "
              + net.graph().inputs()
              + " and "
              + net.graph().outputs()
              + ", not image and logits; train it first: maskstream train fit --init "
              + file);
    }
    return net;
  }

  /// @param evaluation how a trained graph is shown pictures
  /// @throws IllegalArgumentException if a release cannot be shown them so
  static Net open(Path file, Placement placement, Evaluation evaluation) {
    if (!Checkpoint.isOne(file) && ReleaseEnds.areOn(OnnxModel.read(file))) {
      if (!evaluation.needsOnlyClasses()) {
        throw new IllegalArgumentException(
            file
                + " is a release, which gives classes and no scores to average, so --slide, "
                + "--scales, --mirror and --test-size are not for it; give the best.onnx that it "
                + "was made from");
      }
      ReleaseFile release = ReleaseFile.read(file);
      return new Released(new ReleaseRun(release), Optional.of(release.palette()));
    }
    OnnxModel model = trainable(file);
    TorchGraph graph = TorchGraph.load(model, placement);
    return new Trained(
        graph, new TorchPredictor(graph, evaluation), ReleaseMetadata.classes(model));
  }

  /// As the processor runs it.
  record Released(ReleaseRun run, Optional<Palette> palette) implements Net {

    @Override
    public Map<String, byte[]> classes(LabelledPicture picture) {
      return run.classes(picture);
    }

    @Override
    public void close() {
      run.close();
    }
  }

  /// As it was trained.
  record Trained(TorchGraph graph, TorchPredictor predictor, Optional<Palette> palette)
      implements Net {

    @Override
    public Map<String, byte[]> classes(LabelledPicture picture) {
      return predictor.classes(picture);
    }

    @Override
    public void close() {
      graph.close();
    }
  }
}
