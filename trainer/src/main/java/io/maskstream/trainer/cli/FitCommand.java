package io.maskstream.trainer.cli;

import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.Batches;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.solver.Checkpoint;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.solver.EventFile;
import io.maskstream.trainer.solver.FitObserver;
import io.maskstream.trainer.solver.Interruption;
import io.maskstream.trainer.solver.JsonLog;
import io.maskstream.trainer.solver.Preflight;
import io.maskstream.trainer.solver.Recipe;
import io.maskstream.trainer.solver.Solver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Fits a graph to labelled pictures.
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    description = {
      "Fits a graph to labelled pictures.",
      "A classifier becomes an FCN; a segmentation net gets the classes of the pictures. DIR then "
          + "holds best.onnx, last.checkpoint, log.jsonl and curves for TensorBoard. Ctrl-C saves."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train fit --init mobilenet_v2.onnx --data camvid --out runs/camvid",
      "  maskstream train fit --init squeezenet.onnx --normalisation caffe --data camvid --out runs/s",
      "  maskstream train fit --init deeplab_cityscapes.onnx --data camvid --minutes 50 --out runs/d \\",
      "      --class-map 'pavement=sidewalk; tree=vegetation; sign symbol=traffic sign'",
      "  maskstream train fit --recipe fcn_r50-d8_4xb2-40k_cityscapes-512x1024 --init resnet50.onnx \\",
      "      --data cityscapes --out runs/r50",
      "  maskstream train fit --resume --out runs/camvid"
    })
final class FitCommand implements Callable<Integer> {

  private static final String ARGUMENTS = "arguments";
  private static final String SCORE_FACTOR = "score.factor";
  private static final int INTERRUPTED = 130;

  @Spec CommandSpec spec;
  @Mixin InitOptions init = new InitOptions();
  @Mixin SetOptions set = new SetOptions();
  @Mixin RecipeOptions options = new RecipeOptions();
  @Mixin AugmentationOptions augmentation = new AugmentationOptions();
  @Mixin EvaluationOptions evaluation = new EvaluationOptions();
  @Mixin DeviceOptions device = new DeviceOptions();

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "A published recipe (train recipe lists them) or a .recipe file, for whatever is not said"
              + " here.")
  @Nullable String recipe;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder of the run.")
  Path out = Path.of("");

  @Option(names = "--train-split", defaultValue = "train", description = "To learn from.")
  String trainSplit = "train";

  @Option(names = "--val-split", defaultValue = "val", description = "To be judged on.")
  String valSplit = "val";

  @Option(
      names = "--val-data",
      paramLabel = "DIR",
      description = "The pictures to be judged on, where they are in another folder.")
  @Nullable String valData;

  @Option(
      names = "--val-set",
      paramLabel = "NAME",
      description = "What that folder holds, where --set is of the other.")
  @Nullable String valSet;

  @Option(names = "--resume", description = "Goes on where the run in DIR stands; say no more.")
  boolean resume;

  @Override
  public Integer call() {
    Path last = out.resolve(Solver.LAST);
    if (resume) {
      return resumed(Checkpoint.read(last));
    }
    if (Files.exists(last)) {
      throw new ParameterException(
          spec.commandLine(),
          out + " holds a run; go on with it by --resume, or give another --out");
    }
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + out + ": " + e.getMessage(), e);
    }
    try {
      List<String> words = arguments();
      FitCommand told = recipe == null ? this : parsed(words, spec.commandLine());
      return told.run(Optional.empty(), words, spec.commandLine().getErr());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /// The words behind `fit`.
  private List<String> arguments() {
    List<String> all = spec.commandLine().getParseResult().originalArgs();
    return all.subList(all.indexOf(spec.name()) + 1, all.size());
  }

  /// Goes on as the run was told when it began.
  private int resumed(Checkpoint checkpoint) {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!List.of("--resume", "--out").contains(given.longestName())) {
        throw new ParameterException(
            spec.commandLine(),
            "--resume goes on with the options of the run in "
                + out
                + ", so "
                + given.longestName()
                + " cannot be given; to change it begin anew with --init "
                + out.resolve(Solver.BEST));
      }
    }
    List<String> said = checkpoint.run().getOrDefault(ARGUMENTS, "").lines().toList();
    FitCommand begun = parsed(said, spec.commandLine());
    begun.out = out;
    return begun.run(Optional.of(checkpoint), said, spec.commandLine().getErr());
  }

  /// The command that words make, with the recipe that they name.
  private static FitCommand parsed(List<String> words, CommandLine typed) {
    FitCommand alone = new FitCommand();
    new CommandLine(alone)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words.toArray(String[]::new));
    if (alone.recipe == null) {
      return alone;
    }
    FitCommand told = new FitCommand();
    RecipeDefaults.parse(told, alone.recipe, Map.of(), words, typed);
    return told;
  }

  private int run(Optional<Checkpoint> from, List<String> arguments, PrintWriter err) {
    LabelledSet train = evaluation.shown(set.open(trainSplit, false));
    LabelledSet val = evaluation.shown(set.otherwise(valData, valSet).open(valSplit, true));
    Loaded loaded = load(from, train, val, err);
    System.gc(); // gives back the heap of the file's numbers, which are in tensors now
    Recipe recipe = options.recipe(train, loaded.scoreFactor());
    long first = from.map(Solver::stepOf).orElse(0L) * recipe.accumulation();
    Map<String, String> story =
        Map.of(
            ARGUMENTS,
            String.join("\n", arguments),
            SCORE_FACTOR,
            Double.toString(loaded.scoreFactor()),
            "data",
            set.name());
    Batches.Plan plan =
        Batches.Plan.training(
            options.batch,
            augmentation.sampling(),
            augmentation.augmentation(train),
            options.seed,
            device.workers());
    Solver.Outcome outcome;
    try (Interruption interruption = new Interruption();
        TorchGraph graph = loaded.graph();
        Batches batches = Batches.open(train, plan, first);
        FitObserver json = new JsonLog(out.resolve("log.jsonl"));
        FitObserver curves = new EventFile(out, InstantSource.system());
        FitObserver bar = new ProgressLine(System.err, isTerminal());
        Solver solver =
            new Solver(
                graph,
                batches,
                Optional.of(new Evaluator(val, evaluation.evaluation())),
                recipe,
                out,
                story,
                List.of(json, curves, bar))) {
      from.ifPresent(solver::restore);
      interruption.stops(solver);
      outcome = solver.fit();
    }
    return told(outcome, err);
  }

  /// A graph to be trained, the caller's.
  private record Loaded(TorchGraph graph, double scoreFactor) {}

  private Loaded load(
      Optional<Checkpoint> from, LabelledSet train, LabelledSet val, PrintWriter err) {
    StartingGraph start =
        from.map(checkpoint -> StartingGraph.of(checkpoint, scoreFactor(checkpoint)))
            .orElseGet(() -> StartingGraph.of(init, train.classes(), options.seed));
    start.notes().forEach(err::println);
    if (from.isEmpty()) {
      Preflight.check(start.model(), train, val, init.beginsRandom()).forEach(err::println);
    }
    err.flush();
    return new Loaded(TorchGraph.load(start.model(), device.placement()), start.scoreFactor());
  }

  private static double scoreFactor(Checkpoint checkpoint) {
    return Double.parseDouble(checkpoint.run().getOrDefault(SCORE_FACTOR, "1"));
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private int told(Solver.Outcome outcome, PrintWriter err) {
    Path best = out.resolve(Solver.BEST);
    err.printf(
        Locale.ROOT,
        "%s after step %d%s%n",
        outcome.why(),
        outcome.step(),
        outcome
            .bestIou()
            .map(iou ->
                String.format(
                    Locale.ROOT,
                    "; best mean IoU %.4f after step %d: %s",
                    iou,
                    outcome.bestStep(),
                    best))
            .orElse(""));
    if (outcome.stopped()) {
      err.println("go on with: maskstream train fit --resume --out " + out);
      err.flush();
      return INTERRUPTED;
    }
    err.println("release it with: maskstream train release " + best + " --out RELEASE.onnx");
    err.flush();
    return 0;
  }
}
