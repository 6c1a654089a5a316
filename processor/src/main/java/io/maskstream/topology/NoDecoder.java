package io.maskstream.topology;

import io.maskstream.video.Decoder;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Marker;
import java.util.List;

/// Stands where no decoder could be opened, and says so of every access unit.
record NoDecoder(String reason) implements Decoder {

  @Override
  public List<Result> decode(AccessUnit unit, long ticket, boolean wanted) {
    return List.of(new Result.Damaged(ticket, new Marker(Marker.Reason.UNDECODABLE, reason)));
  }

  @Override
  public List<Result> drain() {
    return List.of();
  }

  @Override
  public void close() {}
}
