package io.maskstream.painting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One class of one mask, as COCO writes regions: run lengths down the columns, first of pixels
/// outside, then inside, in turn.
///
/// @param classId the class
/// @param width columns of the mask
/// @param height rows of the mask
/// @param counts lengths of the runs; the first may be 0, the last run of pixels outside is there
///   only if it is not empty
/// @param area pixels inside
/// @param x first column of the smallest box
/// @param y first row of the smallest box
/// @param boxWidth columns of the smallest box
/// @param boxHeight rows of the smallest box
public record CocoMask(
    int classId,
    int width,
    int height,
    List<Integer> counts,
    long area,
    int x,
    int y,
    int boxWidth,
    int boxHeight) {

  public CocoMask {
    counts = List.copyOf(counts);
  }

  /// Every class of a mask that has pixels, by rising id; ignored pixels belong to none.
  public static List<CocoMask> of(ClassPicture mask) {
    Region[] regions = new Region[256];
    byte[] classes = mask.classes();
    int height = mask.height();
    for (int column = 0; column < mask.width(); column++) {
      for (int row = 0; row < height; ) {
        byte id = classes[row * mask.width() + column];
        int first = row;
        while (row < height && classes[row * mask.width() + column] == id) {
          row++;
        }
        int index = id & 0xff;
        if (index != MaskPainter.IGNORED) {
          if (regions[index] == null) {
            regions[index] = new Region(mask);
          }
          regions[index].add(column, first, row);
        }
      }
    }
    List<CocoMask> present = new ArrayList<>();
    for (int id = 0; id < regions.length; id++) {
      if (regions[id] != null) {
        present.add(regions[id].end(id));
      }
    }
    return present;
  }

  /// The counts as COCO's own code packs them (`rleToString` of maskApi.c): from the fourth on the
  /// difference to the last count but one, in groups of 5 bits from the lowest, with a sign and a
  /// bit for more, as characters from `0`.
  public String countsString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < counts.size(); i++) {
      long rest = counts.get(i) - (i > 2 ? (long) counts.get(i - 2) : 0);
      boolean more;
      do {
        int group = (int) (rest & 0x1f);
        rest >>= 5;
        more = (group & 0x10) != 0 ? rest != -1 : rest != 0;
        text.append((char) (48 + (more ? group | 0x20 : group)));
      } while (more);
    }
    return text.toString();
  }

  /// The runs of one class while the columns go by.
  private static final class Region {

    private final ClassPicture mask;
    private int[] counts = new int[64];
    private int size;
    private long end;
    private long area;
    private int left = Integer.MAX_VALUE;
    private int right;
    private int top = Integer.MAX_VALUE;
    private int bottom;

    Region(ClassPicture mask) {
      this.mask = mask;
    }

    /// Rows first to last, the last excluded, of a column.
    void add(int column, int first, int last) {
      long start = (long) column * mask.height() + first;
      if (size > 0 && start == end) {
        counts[size - 1] += last - first;
      } else {
        push((int) (start - end));
        push(last - first);
      }
      end = start + last - first;
      area += last - first;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, first);
      bottom = Math.max(bottom, last);
    }

    CocoMask end(int classId) {
      long rest = (long) mask.width() * mask.height() - end;
      if (rest > 0) {
        push((int) rest);
      }
      return new CocoMask(
          classId,
          mask.width(),
          mask.height(),
          Arrays.stream(counts, 0, size).boxed().toList(),
          area,
          left,
          top,
          right - left,
          bottom - top);
    }

    private void push(int count) {
      if (size == counts.length) {
        counts = Arrays.copyOf(counts, 2 * size);
      }
      counts[size++] = count;
    }
  }
}
