package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps decoded pictures on the heap, up to a limit; those beyond it are read anew each time. None
/// is dropped for another: every pass wants every picture once, so the latest is not likelier
/// asked.
public final class CachedSet implements LabelledSet {

  private static final int COLOURS = 3;

  private final LabelledSet set;
  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentMap<Integer, LabelledPicture> kept = new ConcurrentHashMap<>();

  /// @param limit bytes of pixels kept at most
  public CachedSet(LabelledSet set, long limit) {
    this.set = set;
    this.limit = limit;
  }

  /// Half the heap that the JVM may have.
  public static CachedSet inHalfTheHeap(LabelledSet set) {
    return new CachedSet(set, Runtime.getRuntime().maxMemory() / 2);
  }

  @Override
  public Palette classes() {
    return set.classes();
  }

  @Override
  public Map<String, Palette> further() {
    return set.further();
  }

  @Override
  public int otherPlanes() {
    return set.otherPlanes();
  }

  @Override
  public Set<Integer> uncounted() {
    return set.uncounted();
  }

  @Override
  public int size() {
    return set.size();
  }

  @Override
  public String name(int index) {
    return set.name(index);
  }

  @Override
  public LabelledPicture read(int index) {
    LabelledPicture known = kept.get(index);
    if (known != null) {
      return known;
    }
    LabelledPicture read = set.read(index);
    int bytesPerPixel = COLOURS + Float.BYTES * read.others().count() + 1 + read.further().size();
    long size = (long) read.width() * read.height() * bytesPerPixel;
    if (bytes.addAndGet(size) > limit || kept.putIfAbsent(index, read) != null) {
      bytes.addAndGet(-size);
    }
    return read;
  }
}
