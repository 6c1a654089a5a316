package io.maskstream.topology;

import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What [PaperDecoder] pictures ought to show, worked out from the log without any decoder, for
/// logs of `I`, `P` and `B` in which every session starts with an `I`.
record PaperTruth(Map<Long, Integer> hashes, Map<String, List<Long>> presentation) {

  static PaperTruth of(List<Logged> log) {
    Map<Long, Integer> hashes = new HashMap<>();
    Map<String, List<Long>> order = new HashMap<>();
    Map<String, Integer> chains = new HashMap<>();
    Map<String, Long> held = new HashMap<>();
    for (Logged record : log) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      AccessUnit unit = AccessUnits.parse(key, record.value(), 1 << 20);
      List<Long> of = order.computeIfAbsent(key, _ -> new ArrayList<>());
      if (unit.endOfSession()) {
        continue;
      }
      char kind = (char) unit.data().slice().get(0);
      int number = unit.data().slice().getInt(1);
      switch (kind) {
        case 'I' -> chains.put(key, number);
        case 'P' -> chains.merge(key, number, PaperDecoder::next);
        case 'B' -> {}
        default -> throw new AssertionError(kind);
      }
      int hash = kind == 'B' ? PaperDecoder.next(chains.get(key), number) : chains.get(key);
      hashes.put(record.offset(), hash);
      if (kind == 'B') {
        of.add(record.offset());
      } else {
        Long before = held.put(key, record.offset());
        if (before != null) {
          of.add(before);
        }
      }
    }
    held.forEach((key, offset) -> order.get(key).add(offset));
    return new PaperTruth(hashes, order);
  }

  int hash(long offset) {
    return hashes.get(offset);
  }

  static int hash(Mask mask) {
    return ByteBuffer.wrap(((RunLengths) mask.content()).classes()).getInt();
  }
}
