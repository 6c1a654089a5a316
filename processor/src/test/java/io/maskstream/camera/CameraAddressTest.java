package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.camera.CameraAddress.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraAddressTest {

  /// Every secret in these addresses holds the word `pass` or `s3cret`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://admin:s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3.cret.s3cret@10.0.0.7:554/stream1",
        "rtsp://admin:s3cret@s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3cret%40s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3cret:s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3cret/s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3cret?s3cret@10.0.0.7/stream1",
        "rtsp://admin:s3cret#s3cret@10.0.0.7/stream1",
        "rtsps://admin:s3cret@[fe80::1]:322/stream1",
        "http://10.0.0.7/video.cgi?user=admin&password=s3cret",
        "http://10.0.0.7/video.cgi?user=s3cret&password=p@s3cret",
        "http://admin:s3cret@10.0.0.7/video.cgi?user=admin&password=s3cret",
        "http://admin:s3cret@10.0.0.7/video.cgi?mail=a@b.c&password=s3cret",
        "https://10.0.0.7/video#token=s3cret",
        "rtsp://10.0.0.7/user=admin_password=s3cret_channel=1_stream=0.sdp",
        "rtsp://10.0.0.7/user=admin&password=s3cret&channel=1",
        "rtsp:admin:s3cret@10.0.0.7/stream1",
        "RTSP://s3cret@10.0.0.7",
      })
  void showsNoSecret(String address) {
    CameraAddress parsed = CameraAddress.of(address);
    assertThat(parsed.toString()).doesNotContain("s3cret").doesNotContain("admin");
    assertThat(parsed.scrub("Server returned 401 for '" + address + "': denied"))
        .doesNotContain("s3cret");
    assertThat(parsed.secret()).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://10.0.0.7/stream1, rtsp://10.0.0.7/stream1",
    "rtsp://admin:x@10.0.0.7:554/stream1, rtsp://***@10.0.0.7:554/stream1",
    "rtsps://u:p@[fe80::1]:322/a/b, rtsps://***@[fe80::1]:322/a/b",
    "http://host/video.cgi?a=1, http://host/video.cgi?***",
    "rtsp://u:p/w@host/x, rtsp://***",
  })
  void showsWhereTheCameraIs(String address, String shown) {
    assertThat(CameraAddress.of(address)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "clip.mp4, FILE",
    "./a:b.mp4, FILE",
    "/video/clip.mp4, FILE",
    "file:///video/clip.mp4, FILE",
    "/dev/video0, DEVICE",
    "rtsp://host/a, RTSP",
    "RTSPS://host/a, RTSP",
    "http://host/a, HTTP",
    "testsrc, GENERATED",
    "testsrc:320x180@10, GENERATED",
  })
  void knowsTheKindsOfSources(String address, Kind kind) {
    assertThat(CameraAddress.of(address).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concat:a.ts|b.ts",
        "udp://239.0.0.1:1234",
        "data:video/mp4;base64,AAAA",
        "subfile,,start,0,end,9,,:a.mp4",
        "crypto:s3cret",
        " ",
        "a\nb",
      })
  void refusesOtherSchemes(String address) {
    assertThatThrownBy(
            () -> {
              CameraAddress unknown = CameraAddress.of(address);
              // What is no scheme at all is a file's name, and there is no such file.
              Reading.of(unknown, SourceSettings.STANDARD);
            })
        .isInstanceOfAny(IllegalArgumentException.class, CameraException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void namesNoPlaceInASentenceForEveryone() {
    CameraAddress camera = CameraAddress.of("http://admin:s3cret@10.0.0.7/video");
    assertThat(
            camera.withoutPlaces(
                camera + " redirects to https://10.0.0.8/x; name that address if you trust it"))
        .isEqualTo("the source redirects to an address; name that address if you trust it");
    CameraAddress file = CameraAddress.of("/video/clip.mp4");
    assertThat(file.withoutPlaces("cannot open /video/clip.mp4: No such file or directory"))
        .isEqualTo("cannot open the source: No such file or directory");
  }

  @Test
  void scrubsAnotherAddressToo() {
    assertThat(Secrets.scrub("redirected to https://bob:s3cret@other/x?token=s3cret now"))
        .isEqualTo("redirected to https://***@other/x?*** now");
    assertThat(Secrets.scrub("Authorization: Basic s3cret")).doesNotContain("s3cret");
  }
}
