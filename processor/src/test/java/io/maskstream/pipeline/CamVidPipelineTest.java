package io.maskstream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.SharedClips;
import io.maskstream.inference.CamVid;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.inference.Provider;
import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.video.Result;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real video through a real broker and a real net gives the known answer.
class CamVidPipelineTest {

  /// On the PNG frames the net scores 0.524 (CamVidTest). What H.264 left of them scores less, and
  /// that is the coding's doing, not the decoder's: with the clip's luma and the PNGs' chroma it
  /// scores 0.02 less than on the PNGs, with the PNGs' luma and the clip's chroma 0.01 less, while
  /// halving the PNGs' chroma without coding it costs nothing (on every fourth frame).
  private static final double MEAN_IOU = 0.496;

  private static final String NET =
      "models/deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32.onnx";

  @Test
  void theValClipScoresAsTheNetIsKnownToAndEqualsAnOfflineRunBitForBit(@TempDir Path folder)
      throws Exception {
    Path clip = SharedClips.of("videos/camvid/camvid_val_0016E5_15fps_h264.mp4");
    List<Path> pictures = CamVid.frames(SharedClips.of("camvid").getParent());
    ReleaseFile release =
        new Packager(new OrtGraphRunner())
            .pack(SharedClips.of(NET), PackagingOptions.of("deeplab", "1"))
            .release();
    List<AccessUnit> units;
    List<Mask> masks;
    try (Pipeline pipeline = new Pipeline(folder, release, Limits.STANDARD)) {
      units = pipeline.publish("camvid", clip);
      pipeline.readUntil(() -> pipeline.masks.size() >= units.size(), Duration.ofMinutes(2));
      masks = List.copyOf(pipeline.masks);
    }

    assertThat(masks).hasSize(101).hasSameSizeAs(pictures);
    List<Long> pts = masks.stream().map(mask -> mask.identity().pts()).toList();
    assertThat(pts).isSorted().doesNotHaveDuplicates();
    List<byte[]> offline = offline(release, units);
    CamVid score = new CamVid();
    for (int i = 0; i < masks.size(); i++) {
      RunLengths pixels = (RunLengths) masks.get(i).content();
      byte[] classes = pixels.classes();
      assertThat(classes).as("frame %s", i).isEqualTo(offline.get(i));
      score.add(
          classes,
          new Size(pixels.width(), pixels.height()),
          CamVid.read(CamVid.label(pictures.get(i))));
    }
    System.out.printf("CamVid val through Kafka: mean IoU %.4f over 101 masks%n", score.meanIou());
    assertThat(score.meanIou()).isCloseTo(MEAN_IOU, within(0.005));
  }

  /// The same graph over the same decoded frames, one by one and without Kafka.
  private static List<byte[]> offline(ReleaseFile release, List<AccessUnit> units) {
    List<byte[]> maps = new ArrayList<>();
    InferenceSettings oneByOne =
        InferenceSettings.standard().withProvider(Provider.CPU).withBatch(1, Duration.ZERO);
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(release, oneByOne, InferenceObserver.NONE);
        Decoder decoder = new Decoders(Limits.STANDARD).open(segmenter.grid())) {
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < units.size(); i++) {
        results.addAll(decoder.decode(units.get(i), i, true));
      }
      results.addAll(decoder.drain());
      for (Result result : results) {
        if (result instanceof Result.Decoded(_, var frame)) {
          maps.add(segmenter.submit(frame).join().classMap().classes());
        }
      }
    }
    return maps;
  }
}
