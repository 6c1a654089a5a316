package io.maskstream.release;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Layout;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph as it came, with what was found out about it: how its input is laid out, which output to
/// take and what that holds. Refuses what cannot become a release.
final class ThirdPartyGraph {

  private final OnnxModel model;
  private final String source;
  private final PackagingOptions options;
  private final List<String> notes = new ArrayList<>();
  private final OnnxValue input;
  private final Layout layout;
  private final OnnxValue output;

  ThirdPartyGraph(byte[] bytes, String source, PackagingOptions options) {
    try {
      model = OnnxModel.read(bytes, source);
    } catch (OnnxException e) {
      throw new ReleaseException(String.valueOf(e.getMessage()), e);
    }
    this.source = source;
    this.options = options;
    input = onlyInput();
    layout = options.layout() == Layout.AUTO ? layoutOf(input) : options.layout();
    output = chosenOutput();
  }

  OnnxModel model() {
    return model;
  }

  OnnxValue input() {
    return input;
  }

  Layout layout() {
    return layout;
  }

  /// The output to take.
  OnnxValue output() {
    return output;
  }

  /// What was chosen on the user's behalf, one sentence each.
  List<String> notes() {
    return notes;
  }

  private OnnxValue onlyInput() {
    List<OnnxValue> inputs = model.graph().inputs();
    if (inputs.size() != 1) {
      throw new ReleaseException(
          source + " has " + inputs.size() + " inputs, a release has one picture: " + inputs);
    }
    OnnxValue input = inputs.getFirst();
    if (input.shape().size() != 4) {
      throw new ReleaseException(
          source
              + " takes "
              + input
              + ", not pictures with four axes; a net over pictures is wanted");
    }
    if (input.name().equals(ReleaseFile.INPUT) && input.type() == OnnxType.UINT8) {
      throw new ReleaseException(
          source
              + " takes frames as bytes already: it is a release; see it with: "
              + "maskstream model inspect "
              + source);
    }
    if (input.type() != OnnxType.FLOAT && input.type() != OnnxType.FLOAT16) {
      throw new ReleaseException(
          source
              + " takes "
              + input
              + ", not float32 or float16; export it before quantization "
              + "of its input");
    }
    if (input.shape().getFirst().size() > 1) {
      throw new ReleaseException(
          source + " takes " + input + ", a batch of several only; export it with a free batch");
    }
    return input;
  }

  private Layout layoutOf(OnnxValue input) {
    List<OnnxDimension> shape = input.shape();
    boolean channelsFirst = shape.get(1).size() == 3;
    boolean channelsLast = shape.get(3).size() == 3;
    if (channelsFirst == channelsLast) {
      throw new ReleaseException(
          source
              + " takes "
              + input
              + "; which axis holds the 3 colours cannot be seen: "
              + "give --layout nchw or --layout nhwc");
    }
    return channelsFirst ? Layout.NCHW : Layout.NHWC;
  }

  Normalisation normalisation() {
    if (options.normalisation().isPresent()) {
      return options.normalisation().get();
    }
    String said = model.metadata().getOrDefault("preprocess", "");
    if (said.contains("x/127.5-1")) {
      notes.add("normalisation (x - 127.5) / 127.5, as the file's metadata says: " + said);
      return Normalisation.of(127.5f, 127.5f);
    }
    throw new ReleaseException(
        source
            + " does not say how bytes become the numbers it takes; give --mean and --std in "
            + "bytes: torchvision --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375; "
            + "TensorFlow --mean 127.5 --std 127.5; 0 to 1 --mean 0 --std 255; "
            + "0 to 255 --mean 0 --std 1");
  }

  PackagingOptions.Channels channels() {
    return options.channels();
  }

  InputSize inputSize() {
    OnnxDimension height = input.shape().get(layout == Layout.NCHW ? 2 : 1);
    OnnxDimension width = input.shape().get(layout == Layout.NCHW ? 3 : 2);
    Optional<Size> wanted = options.size();
    if (wanted.isEmpty() && !height.isFixed() && !width.isFixed()) {
      return new InputSize.Free(options.multiple(), options.maxPixels());
    }
    long w = width.isFixed() ? width.size() : wanted.map(Size::width).orElse(0);
    long h = height.isFixed() ? height.size() : wanted.map(Size::height).orElse(0);
    if (w < 1 || h < 1) {
      throw new ReleaseException(
          source + " takes " + input + ", one side free and one not; give --size");
    }
    Size size = new Size(Math.toIntExact(w), Math.toIntExact(h));
    if (wanted.isPresent() && !wanted.get().equals(size)) {
      throw new ReleaseException(
          source
              + " is fixed to "
              + size
              + ", asked for "
              + wanted.get()
              + "; leave --size out, or export it with free height and width");
    }
    return new InputSize.Fixed(size);
  }

  private OnnxValue chosenOutput() {
    List<OnnxValue> outputs = model.graph().outputs();
    if (options.output().isPresent()) {
      String wanted = options.output().get();
      return outputs.stream()
          .filter(output -> output.name().equals(wanted))
          .findFirst()
          .orElseThrow(
              () -> new ReleaseException(source + " has no output " + wanted + ": " + outputs));
    }
    List<OnnxValue> maps =
        outputs.stream()
            .filter(output -> !output.hasShape() || output.shape().size() >= 3)
            .toList();
    if (maps.isEmpty()) {
      throw refused(outputs.getFirst().toString());
    }
    OnnxValue chosen =
        maps.stream()
            .filter(output -> output.name().equals("out"))
            .findFirst()
            .orElse(maps.getFirst());
    if (maps.size() > 1) {
      notes.add("output " + chosen + " of " + maps + "; choose another with --output");
    }
    return chosen;
  }

  /// Loads the graph so that it also gives the scores before their final upsampling.
  Running open(GraphRunner runner, Optional<Anatomy> anatomy) {
    OnnxModel opened = model.copy();
    List<OnnxValue> outputs = new ArrayList<>(List.of(output));
    anatomy
        .flatMap(Anatomy::grid)
        .filter(grid -> !grid.value().equals(output.name()))
        .ifPresent(grid -> outputs.add(OnnxValue.ofUnknownShape(grid.value(), OnnxType.FLOAT)));
    opened.graph().setOutputs(outputs);
    return runner.open(opened.toBytes(), source);
  }

  /// A picture as the graph wants it, computed here and not by nodes.
  Tensor feed(byte[] rgb, Size size, Normalisation norm) {
    boolean first = layout == Layout.NCHW;
    boolean bgr = options.channels() == PackagingOptions.Channels.BGR;
    int plane = (int) size.pixels();
    float[] values = new float[3 * plane];
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int value = Byte.toUnsignedInt(rgb[3 * pixel + (bgr ? 2 - channel : channel)]);
        values[first ? channel * plane + pixel : 3 * pixel + channel] =
            (value - norm.mean().get(channel)) / norm.std().get(channel);
      }
    }
    long h = size.height();
    long w = size.width();
    return new Tensor.Floats(first ? new long[] {1, 3, h, w} : new long[] {1, h, w, 3}, values);
  }

  /// Reads what the output holds from one run of the graph.
  Anatomy anatomy(Running running, Size size, Normalisation norm) {
    Tensor result = run(running, Probe.draw(size, 1), size, norm).get(output.name());
    if (result == null) {
      throw new ReleaseException(source + " gives no tensor as " + output.name());
    }
    long[] shape = result.shape();
    String named = output.name() + Arrays.toString(shape);
    if (result instanceof Tensor.Floats) {
      if (shape.length != 4) {
        throw refused(named);
      }
      int axis = classesAxis(shape, size);
      long h = axis == 1 ? shape[2] : shape[1];
      long w = axis == 1 ? shape[3] : shape[2];
      if (h * w <= 1) {
        throw refused(named);
      }
      if (shape[axis] < 2 || shape[axis] > Palette.MAX_CLASSES) {
        throw new ReleaseException(
            source
                + " gives "
                + named
                + ": "
                + shape[axis]
                + " scores a pixel, a release has 2 to "
                + Palette.MAX_CLASSES
                + " classes");
      }
      return Anatomy.of(model.graph(), output, axis);
    }
    boolean map = shape.length == 3 || shape.length == 4 && (shape[1] == 1 || shape[3] == 1);
    if (!map || shape[shape.length - 1] * shape[shape.length - 2] <= 1) {
      throw refused(named);
    }
    return Anatomy.of(model.graph(), output, 0);
  }

  Map<String, Tensor> run(Running running, byte[] rgb, Size size, Normalisation norm) {
    return running.run(input.name(), feed(rgb, size, norm));
  }

  /// The axis that leaves a picture of the frame's proportions; where both do, that of the input.
  int classesAxis(long[] shape, Size size) {
    double frame = (double) size.height() / size.width();
    double first = Math.abs(Math.log((double) shape[2] / shape[3] / frame));
    double last = Math.abs(Math.log((double) shape[1] / shape[2] / frame));
    if (Math.abs(first - last) < 1e-6) {
      return layout == Layout.NCHW ? 1 : 3;
    }
    return first < last ? 1 : 3;
  }

  private ReleaseException refused(String output) {
    return new ReleaseException(
        source
            + " says what is in the whole picture, not where: its output is "
            + output
            + ", without height and width, so it is a classifier and no segmentation net; "
            + "take a segmentation net, or give --output if the graph has another");
  }

  @Override
  public String toString() {
    return source;
  }
}
