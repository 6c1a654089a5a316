package io.maskstream.service;

import io.maskstream.topology.StreamObserver;
import java.time.Duration;
import java.util.List;

/// Tells several observers, in their order.
record Observers(List<StreamObserver> all) implements StreamObserver {

  Observers {
    all = List.copyOf(all);
  }

  @Override
  public void answered(Answered answer) {
    all.forEach(each -> each.answered(answer));
  }

  @Override
  public void deadLettered(String reason) {
    all.forEach(each -> each.deadLettered(reason));
  }

  @Override
  public void sequenceGap(String cameraId, long missing) {
    all.forEach(each -> each.sequenceGap(cameraId, missing));
  }

  @Override
  public void decoderOpened(String cameraId) {
    all.forEach(each -> each.decoderOpened(cameraId));
  }

  @Override
  public void cameraIdle(String cameraId) {
    all.forEach(each -> each.cameraIdle(cameraId));
  }

  @Override
  public void recovered(int partition, long accessUnits, Duration took) {
    all.forEach(each -> each.recovered(partition, accessUnits, took));
  }

  @Override
  public void retentionLoss(String cameraId, long fromOffset, long toOffset) {
    all.forEach(each -> each.retentionLoss(cameraId, fromOffset, toOffset));
  }

  @Override
  public void lateForItsWindow(String cameraId) {
    all.forEach(each -> each.lateForItsWindow(cameraId));
  }
}
