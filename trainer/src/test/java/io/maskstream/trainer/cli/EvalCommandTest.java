package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.ClassPicture;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.solver.SizedNet;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Types `train eval`, and what it shares with `train fit`, as a user does.
class EvalCommandTest {

  private static final int PICTURES = 3;

  @TempDir Path folder;
  private Path data;
  private Path net;

  private record Answer(int code, String out, String err) {}

  private static Answer type(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine train =
        new CommandLine(new TrainCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
              commandLine.getErr().println(failure.getMessage());
              return 1;
            });
    int code = train.execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    return new Answer(code, out.toString(), err.toString());
  }

  private Answer eval(Object... more) {
    List<Object> words = new ArrayList<>(List.of("eval", net, "--data", data, "--split", "val"));
    words.addAll(List.of(more));
    return type(words.toArray());
  }

  /// Streets as a folder of pictures, whose sky is called background; and a net that has learnt
  /// nothing.
  @BeforeEach
  void streets() throws Exception {
    data = folder.resolve("streets");
    LabelledSet scenes = Scenes.of(4, PICTURES, 97, 73, Look.VARIED);
    for (String split : List.of("train", "val")) {
      Path pictures = Files.createDirectories(data.resolve("images").resolve(split));
      Path labels = Files.createDirectories(data.resolve("labels").resolve(split));
      for (int i = 0; i < PICTURES; i++) {
        LabelledPicture scene = scenes.read(i);
        ImageIO.write(scene.picture().image(), "png", pictures.resolve(i + ".png").toFile());
        ImageIO.write(grey(scene.labels()), "png", labels.resolve(i + ".png").toFile());
      }
    }
    List<String> names = new ArrayList<>(scenes.classes().names());
    names.set(0, "background");
    Files.write(data.resolve("classes.txt"), names);
    net = folder.resolve("net.onnx");
    SizedNet.build(3, Map.of("logits", names.size()), "half_pixel").write(net);
  }

  private static BufferedImage grey(ClassPicture labels) {
    BufferedImage image =
        new BufferedImage(labels.width(), labels.height(), BufferedImage.TYPE_BYTE_GRAY);
    image
        .getRaster()
        .setDataElements(0, 0, labels.width(), labels.height(), labels.classes().clone());
    return image;
  }

  private static String line(Answer answer, String start) {
    assertThat(answer.code()).as(answer.err()).isZero();
    return answer.out().lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }

  @Test
  void saysHowPicturesWereShownAndWhatTheMeansLeaveOut() {
    Answer plain = eval();
    Answer all =
        eval(
            "--slide",
            "64x48",
            "--slide-step",
            "40x30",
            "--scales",
            "0.75,1.25",
            "--mirror",
            "--exclude",
            "background,car",
            "--boundary",
            "--confusion");
    assertThat(line(all, "shown:"))
        .isEqualTo(
            "shown: pictures at their own size, in windows of 64x48 at steps of 40x30, times 0.75 "
                + "1.25, and mirrored; means without background, car");
    assertThat(line(all, "mean boundary IoU")).matches("mean boundary IoU +0\\.\\d{4}");
    assertThat(line(all, "mean IoU")).isNotEqualTo(line(plain, "mean IoU"));
    assertThat(all.out()).contains("*background", "*car", "* not in means", "PERCENT OF");
    assertThat(plain.out()).doesNotContain("shown:", "BOUNDARY", "PERCENT OF");
  }

  @Test
  void writesTheSameForPrograms() {
    Answer json = eval("-o", "json", "--test-size", "60x60", "--boundary", "--exclude", "car");
    assertThat(json.out())
        .contains("\"mean_boundary_iou\":0.", "\"not_in_means\":[\"car\"]")
        .contains("\"shown\":\"pictures scaled into 60x60, whole; means without car\"");
  }

  @Test
  void hidesAPartOfThePictures() {
    List<String> tables = new ArrayList<>(List.of(eval("--exclude", "background").out()));
    for (String part : List.of("foreground", "background", "shape")) {
      tables.add(eval("--show", part, "--exclude", "background").out());
    }
    assertThat(tables).doesNotHaveDuplicates().allMatch(table -> table.contains("mean IoU"));
    assertThat(type("eval", net, "--data", "scenes", "--show", "shape"))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(2);
          assertThat(answer.err()).contains("no class is called background");
        });
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    assertThat(eval("--slide-step", "40x30").err()).contains("give --slide WIDTHxHEIGHT too");
    assertThat(eval("--slide", "40").err()).contains("size is not WIDTHxHEIGHT");
    assertThat(eval("--slide", "40x30", "--slide-step", "50x20").err()).contains("go unseen");
    assertThat(eval("--scales", "1,0").err()).contains("scales must be");
    assertThat(eval("--exclude", "cow"))
        .satisfies(answer -> {
          assertThat(answer.code()).isEqualTo(2);
          assertThat(answer.err()).contains("no class \"cow\"", "there are background");
        });
  }

  @Test
  void aReleaseGivesNoScoresToAverage() {
    Path release = folder.resolve("release.onnx");
    assertThat(type("release", net, "--data", data, "--out", release).code()).isZero();
    net = release;
    assertThat(eval("--exclude", "car", "--boundary").code()).isZero();
    for (String option : List.of("--mirror", "--scales=0.5,1", "--slide=40x30")) {
      assertThat(eval(option))
          .satisfies(answer -> {
            assertThat(answer.code()).isEqualTo(2);
            assertThat(answer.err()).contains("is a release", "give the best.onnx");
          });
    }
  }

  @Test
  void aRunIsJudgedAsItsOptionsSay() {
    Path run = folder.resolve("run");
    Answer fit =
        type(
            "fit",
            "--init",
            net,
            "--data",
            data,
            "--out",
            run,
            "--batch",
            2,
            "--crop",
            "48x48",
            "--steps",
            2,
            "--exclude",
            "car",
            "--slide",
            "64x48",
            "--scales",
            "1,1.5",
            "--mirror");
    assertThat(fit.code()).as(fit.err()).isZero();
    net = run.resolve("best.onnx");
    double kept = Double.parseDouble(OnnxModel.read(net).metadata().get("maskstream.mean_iou"));
    Answer again =
        eval("--exclude", "car", "--slide", "64x48", "--scales", "1,1.5", "--mirror", "-o", "json");
    assertThat(again.out()).contains("\"mean_iou\":" + kept + ",");
    assertThat(eval("-o", "json").out()).doesNotContain("\"mean_iou\":" + kept + ",");
  }

  @Test
  void saysHowGoodACoarseGridCouldBe() {
    Answer bounds = type("data", "--data", data, "--split", "val", "--bounds");
    assertThat(line(bounds, "     4")).matches(" +4 +0\\.8\\d+ +0\\.9\\d+");
    assertThat(type("data", "--data", data, "--split", "val").out()).doesNotContain("FACTOR");
  }
}
