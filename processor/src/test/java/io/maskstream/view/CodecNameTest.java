package io.maskstream.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The names are those that MP4 tools give the same parameter sets.
class CodecNameTest {

  @ParameterizedTest
  @CsvSource({
    // High at level 4.0, behind a delimiter
    "H264, 00000001 0910 00000001 67640028acd9, avc1.640028",
    "H264, 000001 6742c01ed9, avc1.42c01e",
    // Main at level 3.1: the zeros carry emulation prevention
    "HEVC, 00000001 4201 01 01600000 0300b000 00030000 03005da0, hev1.1.6.L93.b0",
    "VP9, 824983, vp09.00.41.08",
    "VP8, 10, vp8",
    "AV1, 1200, av01.0.08M.08",
    "MJPEG, ffd8, image/jpeg",
    "MPEG2, 000001b3, ''"
  })
  void namesWhatTheBrowserHasToDecode(Codec codec, String hex, String name) {
    byte[] data = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(CodecName.of(unit(codec, data))).isEqualTo(name);
  }

  private static AccessUnit unit(Codec codec, byte[] data) {
    return new AccessUnit(
        new Identity("gate", "s", 0, 0, new TimeBase(1, 15), Instant.EPOCH),
        codec,
        true,
        ByteBuffer.wrap(data),
        0,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        false);
  }
}
