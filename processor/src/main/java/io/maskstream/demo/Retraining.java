package io.maskstream.demo;

import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.FramePictures;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Collects labelled pictures of the running cameras, has them learnt on a thread of its own, and
/// hands the better release over. One thread uses it, the demo's.
final class Retraining implements AutoCloseable {

  /// Of a camera's pictures one in so many is labelled: two seconds of video.
  private static final int EVERY = 30;

  private final Training training;
  private final FramePictures frames;
  private final Consumer<String> notices;
  private final Path folder;
  private final Path release;
  private final LabelledPictures pictures;
  private @Nullable FutureTask<Path> better;
  private @Nullable Thread thread;

  /// @param frames pictures of masks; owned by this from now on
  /// @param notices takes sentences for a person, from any thread
  /// @param parent of a new folder for everything that is made
  Retraining(
      Training training,
      ReleaseFile release,
      FramePictures frames,
      Path parent,
      Consumer<String> notices) {
    this.training = training;
    this.frames = frames;
    this.notices = notices;
    try {
      Files.createDirectories(parent);
      folder = Files.createTempDirectory(parent, "retrain-");
      this.release = Files.write(folder.resolve("release.onnx"), release.graph());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + parent, e);
    }
    pictures = new LabelledPictures(folder.resolve("pictures"), release.palette());
    notices.accept(
        "labels "
            + training.pictures()
            + " pictures of the cameras in "
            + pictures.folder()
            + ", then learns");
  }

  /// Labels the mask's picture, if it is one of those to be labelled.
  void add(Mask mask) {
    Identity identity = mask.identity();
    if (better != null
        || mask.content() instanceof Marker
        || identity.sequence() % EVERY != EVERY / 2) {
      return;
    }
    pictures.add(
        frames.of(mask), Truth.of(identity, mask.source().width(), mask.source().height()));
    if (pictures.count() == training.pictures()) {
      FutureTask<Path> task =
          new FutureTask<>(() -> training.train(release, pictures.folder(), folder, notices));
      better = task;
      thread = Thread.ofPlatform().name("demo-retraining").daemon().start(task);
    }
  }

  /// The better release, as soon as it is there, and never again.
  ///
  /// @throws IllegalStateException if the training failed
  Optional<ReleaseFile> take() throws InterruptedException {
    if (better == null || thread == null || !better.isDone()) {
      return Optional.empty();
    }
    thread = null;
    try {
      return Optional.of(ReleaseFile.read(better.get()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("the retraining failed", e.getCause());
    }
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
    frames.close();
  }
}
