import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Augmentation;
import io.maskstream.trainer.data.Batches;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.net.Networks;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.OptimizerSettings;
import io.maskstream.trainer.solver.Recipe;
import io.maskstream.trainer.solver.Solver;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A solving example: trains a small FCN on generated streets for some steps and judges it.
///
///     java @trainer/examples/java.args trainer/examples/SolvingExample.java runs/example 60
void main(String... args) throws IOException {
  Path folder = Files.createDirectories(Path.of(args[0]));

  // Streets without a download: 200 to learn from, 20 others to be judged on.
  LabelledSet train = Scenes.of(1, 200, 160, 120, Look.VARIED);
  Evaluator judge = new Evaluator(Scenes.of(2, 20, 160, 120, Look.VARIED));

  // The demo's network with random weights; Networks.all() lists the others.
  OnnxModel net = Networks.named("scene").build(train.classes().size());

  // 8 crops in each batch, scaled, flipped and distorted in colour; one thread prepares them.
  Augmentation crops = Augmentation.standard(new Size(128, 96));
  Batches.Plan plan = Batches.Plan.training(8, crops, 1337, 1);

  // AdamW from a rate of 0.003 on, with a poly schedule and the mean loss of all labelled pixels.
  OptimizerSettings adam = new OptimizerSettings.AdamW(0.003, 0.9, 0.999, 1e-8, 0.01);
  Recipe recipe = Recipe.of(Long.parseLong(args[1]), adam);

  // Weights and batches are native memory, and so is the solver's state: each is closed.
  try (TorchGraph graph = TorchGraph.load(net, Placement.cpu());
      Batches batches = Batches.open(train, plan, 0);
      Solver solver =
          new Solver(graph, batches, Optional.of(judge), recipe, folder, Map.of(), List.of())) {
    double before = judge.judge(graph).scores().meanIou();
    Solver.Outcome outcome = solver.fit();
    IO.println("after step %d: %s".formatted(outcome.step(), outcome.why()));
    IO.println("mean IoU %.3f, before %.3f".formatted(outcome.bestIou().orElseThrow(), before));

    // Class by class, of the weights as they are now.
    IO.println(judge.judge(graph).report().text());
  }
  IO.println("the graph that scored best is " + folder.resolve(Solver.BEST));
}
