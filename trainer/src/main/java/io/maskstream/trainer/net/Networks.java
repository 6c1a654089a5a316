package io.maskstream.trainer.net;

import static io.maskstream.trainer.net.ResNet.Depth.R101;
import static io.maskstream.trainer.net.ResNet.Depth.R18;
import static io.maskstream.trainer.net.ResNet.Depth.R50;
import static io.maskstream.trainer.net.ResNet.Stem.DEEP;
import static io.maskstream.trainer.net.ResNet.Stem.PLAIN;
import static io.maskstream.trainer.net.ResNet.Stem.WIDE;

import io.maskstream.config.NearestName;
import io.maskstream.trainer.net.AtrousHead.End;
import io.maskstream.trainer.net.ResNet.Depth;
import io.maskstream.trainer.net.ResNet.Stem;
import io.maskstream.trainer.surgery.Modality;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every network with a builder, one line each, by its published name.
public final class Networks {

  private static final Size VOC = new Size(500, 500);
  private static final Size NYUD = new Size(640, 480);
  private static final Size SIFT = new Size(256, 256);
  private static final Size CITY = new Size(1024, 512);
  private static final Size CROP513 = new Size(513, 513);
  private static final Size CROP473 = new Size(473, 473);

  private final List<Network> all = new ArrayList<>();

  private Networks() {
    caffe();
    mmsegmentation();
    others();
  }

  public static List<Network> all() {
    return List.copyOf(new Networks().all);
  }

  /// The network of a name.
  ///
  /// @throws IllegalArgumentException naming the nearest one, if there is none
  public static Network named(String name) {
    List<Network> all = all();
    return all.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no network "
                    + name
                    + "; the nearest is "
                    + NearestName.of(name, all.stream().map(Network::name).toList())
                    + ", and --list names them all"));
  }

  private void caffe() {
    voc("fcn32s-alexnet", "FCN-AlexNet", w -> CaffeFcn.voc(w).alexNet(32));
    voc("fcn16s-alexnet", "FCN-AlexNet, a skip, not published", w -> CaffeFcn.voc(w).alexNet(16));
    voc("fcn8s-alexnet", "FCN-AlexNet, two skips, not published", w -> CaffeFcn.voc(w).alexNet(8));
    voc("fcn32s-vgg16", "FCN-VGG16, FCN-32s", w -> CaffeFcn.voc(w).vgg16(32));
    voc("fcn16s-vgg16", "FCN-16s, staged", w -> CaffeFcn.voc(w).vgg16(16));
    voc("fcn8s-vgg16", "FCN-8s, staged", w -> CaffeFcn.voc(w).vgg16(8));
    voc("fcn8s-atonce-vgg16", "FCN-8s, skips scaled, at once", w -> CaffeFcn.voc(w).atOnce());
    voc("fcn32s-vgg16-tight", "FCN-32s with less padding", w -> CaffeFcn.voc(w).tight(32));
    voc("fcn16s-vgg16-tight", "FCN-16s with less padding", w -> CaffeFcn.voc(w).tight(16));
    voc("fcn8s-vgg16-tight", "FCN-8s with less padding", w -> CaffeFcn.voc(w).tight(8));
    voc("fcn-pool5-vgg16", "ablation: pool5 alone", w -> CaffeFcn.voc(w).onlyPool(5));
    voc("fcn-pool4-vgg16", "ablation: pool4 alone", w -> CaffeFcn.voc(w).onlyPool(4));
    voc("fcn-pool3-vgg16", "ablation: pool3 alone", w -> CaffeFcn.voc(w).onlyPool(3));
    voc("fcn32s-vgg19", "FCN-32s of VGG19", w -> CaffeFcn.voc(w).vgg19(32));
    voc("fcn16s-vgg19", "FCN-16s of VGG19", w -> CaffeFcn.voc(w).vgg19(16));
    voc("fcn8s-vgg19", "FCN-8s of VGG19", w -> CaffeFcn.voc(w).vgg19(8));
    voc("fcn32s-googlenet", "FCN-GoogLeNet", w -> CaffeFcn.voc(w).googLeNet(32));
    voc(
        "fcn16s-googlenet",
        "FCN-GoogLeNet, a skip, not published",
        w -> CaffeFcn.voc(w).googLeNet(16));
    voc(
        "fcn8s-googlenet",
        "FCN-GoogLeNet, two skips, not published",
        w -> CaffeFcn.voc(w).googLeNet(8));
    context("pascalcontext-fcn32s", w -> CaffeFcn.context(w).vgg16(32));
    context("pascalcontext-fcn16s", w -> CaffeFcn.context(w).vgg16(16));
    context("pascalcontext-fcn8s", w -> CaffeFcn.context(w).vgg16(8));
    sift("siftflow-fcn32s", w -> CaffeFcn.siftFlow(w).withGeometry(32));
    sift("siftflow-fcn16s", w -> CaffeFcn.siftFlow(w).withGeometry(16));
    sift("siftflow-fcn8s", w -> CaffeFcn.siftFlow(w).withGeometry(8));
    nyud("nyud-fcn32s-color", "colours", w -> CaffeFcn.nyud(w).vgg16(32));
    nyud("nyud-fcn32s-hha", "HHA", w -> CaffeFcn.nyudHha(w).vgg16(32));
    nyud("nyud-fcn32s-color-d", "4 planes fused", w -> CaffeFcn.nyud(w).early(Modality.DEPTH));
    nyud("nyud-fcn32s-early-hha", "6 planes fused", w -> CaffeFcn.nyud(w).early(Modality.HHA));
    nyud("nyud-fcn32s-color-hha", "scores of two streams", w -> CaffeFcn.late(w, 32));
    nyud("nyud-fcn16s-color-hha", "two streams and a skip", w -> CaffeFcn.late(w, 16));
  }

  private void voc(String name, String what, Network.Builder builder) {
    all.add(new Network(name, what, 21, VOC, builder));
  }

  private void context(String name, Network.Builder builder) {
    all.add(new Network(name, "FCN-VGG16 for PASCAL-Context", 60, VOC, builder));
  }

  private void sift(String name, Network.Builder builder) {
    all.add(new Network(name, "FCN-VGG16 with a second head: geometry", 33, SIFT, builder));
  }

  private void nyud(String name, String what, Network.Builder builder) {
    all.add(new Network(name, "FCN-VGG16 for NYUDv2: " + what, 40, NYUD, builder));
  }

  private void mmsegmentation() {
    for (Stem stem : List.of(DEEP, PLAIN)) {
      for (Depth depth : Depth.values()) {
        int thin = depth == R18 ? 4 : 1;
        String r = "r" + depth.name().substring(1) + (stem == PLAIN ? "b" : "");
        String trunk = "ResNet-" + depth.name().substring(1) + (stem == DEEP ? "-v1c" : "-v1b");
        ResNet d8 = ResNet.d8(depth, stem);
        city("fcn_" + r + "-d8", "FCN of " + trunk, d8, FcnHead.joined(512 / thin, 1), 1);
        if (depth != R18) {
          ResNet d16 = ResNet.d16(depth, stem);
          String what = "FCN of " + trunk + ", stride 16, dilated head";
          city("fcn-d6_" + r + "-d16", what, d16, FcnHead.joined(512, 6), 6);
        }
        city("pspnet_" + r + "-d8", "PSPNet of " + trunk, d8, new PyramidHead(512 / thin), 1);
        Head aspp = AtrousHead.of(512 / thin, End.WIDE, 12, 24, 36);
        city("deeplabv3_" + r + "-d8", "DeepLabv3 of " + trunk, d8, aspp, 1);
      }
    }
  }

  /// mmsegmentation's networks for Cityscapes.
  private void city(String name, String what, ResNet trunk, Head head, int dilation) {
    Head aux = FcnHead.single(trunk.depth() == R18 ? 64 : 256, dilation);
    DilatedNet net = new DilatedNet(trunk, head, Optional.of(aux));
    all.add(new Network(name, what, 19, CITY, w -> net.build(name, w)));
  }

  private void others() {
    for (Depth depth : List.of(R50, R101)) {
      String r = "resnet" + depth.name().substring(1);
      ResNet d8 = ResNet.d8(depth, PLAIN);
      Optional<Head> aux = Optional.of(FcnHead.single(256, 1));
      Head fcn = FcnHead.single(512, 1);
      add("fcn_" + r, "torchvision's FCN", CROP513, new DilatedNet(d8, fcn, aux));
      Head aspp = AtrousHead.of(256, End.BOTH, 12, 24, 36);
      add("deeplabv3_" + r, "torchvision's DeepLabv3", CROP513, new DilatedNet(d8, aspp, aux));

      String psp = "semseg-pspnet" + depth.name().substring(1);
      DilatedNet author = new DilatedNet(ResNet.evenD8(depth, WIDE), new PyramidHead(512), aux);
      String stem = "PSPNet by its author, corners aligned; sides are best 8 n + 1";
      all.add(
          new Network(psp, stem, 21, CROP473, w -> author.build(psp, w.with(Corners.ON_PIXELS))));

      ResNet os16 = ResNet.multiGrid(depth, 16, 0, 1, 2, 4);
      Head rates = AtrousHead.of(256, End.POINTWISE, 6, 12, 18);
      paper(r + "-os16", "stride 16, multi-grid", os16, rates);
      ResNet os8 = ResNet.multiGrid(depth, 8, 0, 1, 2, 4);
      Head doubled = AtrousHead.of(256, End.POINTWISE, 12, 24, 36);
      paper(r + "-os8", "the same at stride 8, to evaluate", os8, doubled);
      ResNet cascade = ResNet.multiGrid(depth, 16, 3, 1, 2, 1);
      paper(r + "-block7", "in cascade, blocks 5 to 7", cascade, (_, _, x, _) -> x);
    }
    all.add(
        new Network(
            "scene",
            "the demo's",
            7,
            new Size(480, 360),
            w -> SceneNet.build(w.plain().fromNothing().classes())));
  }

  private void paper(String name, String what, ResNet trunk, Head head) {
    DilatedNet net = new DilatedNet(trunk, head, Optional.empty());
    add("deeplabv3-" + name, "DeepLabv3 of its paper: " + what, CROP513, net);
  }

  private void add(String name, String what, Size size, DilatedNet net) {
    all.add(new Network(name, what, 21, size, w -> net.build(name, w)));
  }
}
