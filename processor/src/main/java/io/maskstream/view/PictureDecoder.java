package io.maskstream.view;

import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Frame;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decodes the pictures of one camera for a client that cannot. Not thread-safe; whoever opened it
/// closes it.
final class PictureDecoder implements AutoCloseable {

  private final Decoders decoders;
  private final Map<Long, Picture> fed = new HashMap<>();
  private @Nullable Decoder decoder;
  private String session = "";
  private long ticket;

  /// A decoded picture, upright.
  record Decoded(Picture picture, RgbPicture pixels) {

    /// The same as a picture that can stand alone.
    Picture jpeg() {
      AccessUnit unit = picture.unit();
      return picture.with(
          new AccessUnit(
              unit.identity(),
              Codec.MJPEG,
              true,
              ByteBuffer.wrap(MaskFiles.jpeg(pixels.image())),
              0,
              unit.colorMatrix(),
              unit.colorRange(),
              false));
    }
  }

  PictureDecoder(Decoders decoders) {
    this.decoders = decoders;
  }

  /// @return the pictures now ready, in presentation order
  List<Decoded> decode(Picture picture) {
    Decoder current = decoder;
    if (current == null || !picture.identity().sessionId().equals(session)) {
      close();
      session = picture.identity().sessionId();
      current = decoders.open(upright -> upright);
      decoder = current;
    }
    fed.put(ticket, picture);
    List<Decoded> ready = new ArrayList<>();
    for (Result result : current.decode(picture.unit(), ticket++, true)) {
      switch (result) {
        case Result.Decoded(long own, Frame frame) -> {
          try (frame) {
            Picture of = fed.remove(own);
            if (of != null) {
              ready.add(new Decoded(of, pixels(frame)));
            }
          }
        }
        case Result.Damaged(long own, var _) -> fed.remove(own);
        case Result.Passed(long own) -> fed.remove(own);
        case Result.Beside(long _, Frame frame) -> frame.close();
        case Result.Pending _ -> {}
      }
    }
    return ready;
  }

  @Override
  public void close() {
    fed.clear();
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  private static RgbPicture pixels(Frame frame) {
    return RgbPicture.copyOf(frame.size().width(), frame.size().height(), frame.rgb());
  }
}
