package io.maskstream.painting;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The expected strings, areas and boxes were written by COCO's own C code (maskApi.c: rleEncode,
/// rleToString, rleArea, rleToBbox) over the masks of [#formula].
class CocoMaskTest {

  @Test
  void writesWhatCocosOwnCodeWrites() {
    List<CocoMask> regions = CocoMask.of(formula(37, 23, 97, 3));
    assertThat(regions).extracting(CocoMask::classId).containsExactly(0, 1, 2);
    assertThat(regions).extracting(CocoMask::area).containsExactly(225L, 224L, 199L);
    assertThat(regions)
        .extracting(CocoMask::countsString)
        .containsExactly(
            "066KN0N0054KM000O53LNO00O44MMO340LN0N0054K10K44MMO00O35MM0320NM0N000O160LO00O080"
                + "J0O0O071KON0;0G0O0O071KOO0O061LOO02011NOO0O00031OOO00041NON0O000211ON000O0113OM0"
                + "20M24NM000O0014ON041N0MO00O00050M040O0M0O0O00040N0O081JON0O000211ON053MMN000O010"
                + "30N0N0000051LO00O071JO00O00041M0OO60J13ON0O000O0113ON0O00000O050M05000K000O020",
            "634N3001NON00041NON072KNN0O052MOOOO051NON00032ONN000220ONOO000122NO0N000024NM000"
                + "O53LNO43OMN0N000O25OMO00O0O16OM0<1CO00O080J0O0O071JO002011NOO0O00031OOO081JON0O0"
                + "00220NO00032NOOOO000122NN000O0014ON0N0000140MO00O071J0OO000041NOO0O061LOO0O00031"
                + "OOO00010M23OOOO000113OM050I050M000O080J0N0000041NO20N0O11OO0O000220NO0O00000O14O"
                + "N00010N",
            "9141NO1051LOO091HOO0O071KOO0O070L0N0O061LOO00051LOO081JON0O061L02O11NON081JON0O0"
                + "00211OO0N000122NN062LONOO000O35MM000O0O25OMO51OOL000O00050M0O0O071J0OO000041NOO0"
                + "O070K0O02011NOO0O00031OOO072JOOOO000122NN052NN10K01030N040O1LO00O071JO002011NOO0"
                + "O020N13ON0O000211ON00010M14OO0N00080J0N03020M0O0O0200000O0O00031OOO020M0O");
    assertThat(regions)
        .allSatisfy(region ->
            assertThat(List.of(region.x(), region.y(), region.boxWidth(), region.boxHeight()))
                .containsExactly(0, 0, 37, 23));
    assertThat(CocoMask.of(new ClassPicture(1, 1, new byte[1])))
        .extracting(CocoMask::countsString)
        .containsExactly("01");
  }

  @Test
  void writesAFullPictureAsCocosOwnCodeDoes() throws Exception {
    List<CocoMask> regions = CocoMask.of(formula(1920, 1080, 90_001, 4));
    assertThat(regions)
        .extracting(CocoMask::area)
        .containsExactly(428_883L, 421_593L, 414_406L, 407_894L);
    List<String> digests = new ArrayList<>();
    for (CocoMask region : regions) {
      byte[] text = region.countsString().getBytes(StandardCharsets.US_ASCII);
      digests.add(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 8));
    }
    assertThat(digests)
        .containsExactly(
            "b64e6749f05ad022", "8665793b89fe9c86", "9e538c07f8890e98", "4ce350e442d3d7ef");
  }

  @Test
  void everyMaskComesBackFromItsStringPixelByPixel() {
    Random random = new Random(20_260_101);
    for (int round = 0; round < 300; round++) {
      int width = 1 + random.nextInt(40);
      int height = 1 + random.nextInt(40);
      byte[] classes = new byte[width * height];
      for (int i = 0; i < classes.length; i++) {
        boolean same = i > 0 && random.nextInt(10) > round % 10;
        classes[i] = same ? classes[i - 1] : (byte) (random.nextInt(4) == 3 ? 255 : 3 * i % 5);
      }
      byte[] again = new byte[classes.length];
      Arrays.fill(again, (byte) 255);
      for (CocoMask region : CocoMask.of(new ClassPicture(width, height, classes))) {
        paint(region, again);
        requireBoxAndArea(region, classes);
      }
      assertThat(again).as("round " + round).isEqualTo(classes);
    }
  }

  /// A naive reader of COCO's strings, which fails where two regions overlap.
  private static void paint(CocoMask region, byte[] classes) {
    int pixel = 0;
    boolean inside = false;
    for (long count : counts(region.countsString())) {
      for (long i = 0; i < count; i++, pixel++) {
        if (inside) {
          int place = pixel % region.height() * region.width() + pixel / region.height();
          assertThat(classes[place]).isEqualTo((byte) 255);
          classes[place] = (byte) region.classId();
        }
      }
      inside = !inside;
    }
    assertThat(pixel).isEqualTo(region.width() * region.height());
  }

  private static List<Long> counts(String text) {
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      StringBuilder bits = new StringBuilder();
      int letter;
      do {
        letter = text.charAt(i++) - '0';
        String group = "0000" + Integer.toBinaryString(letter & 31);
        bits.insert(0, group.substring(group.length() - 5));
      } while (letter >= 32);
      long value = Long.parseLong(bits.toString(), 2);
      if (bits.charAt(0) == '1') {
        value -= 1L << bits.length();
      }
      counts.add(counts.size() > 2 ? value + counts.get(counts.size() - 2) : value);
    }
    return counts;
  }

  private static void requireBoxAndArea(CocoMask region, byte[] classes) {
    int area = 0;
    int left = Integer.MAX_VALUE;
    int top = Integer.MAX_VALUE;
    int right = -1;
    int bottom = -1;
    for (int y = 0; y < region.height(); y++) {
      for (int x = 0; x < region.width(); x++) {
        if ((classes[y * region.width() + x] & 0xff) == region.classId()) {
          area++;
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    assertThat(region.area()).isEqualTo(area);
    assertThat(List.of(region.x(), region.y(), region.boxWidth(), region.boxHeight()))
        .containsExactly(left, top, right - left + 1, bottom - top + 1);
  }

  /// (x² + 3y² + xy) / divisor mod (classes + 1), the highest being ignored.
  private static ClassPicture formula(int width, int height, int divisor, int count) {
    byte[] classes = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int id = (x * x + 3 * y * y + x * y) / divisor % (count + 1);
        classes[y * width + x] = (byte) (id == count ? 255 : id);
      }
    }
    return new ClassPicture(width, height, classes);
  }
}
