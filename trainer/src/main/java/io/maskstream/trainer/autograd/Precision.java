package io.maskstream.trainer.autograd;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The numbers in which a forward pass computes. Parameters, running statistics and loss are
/// float32 in any case; with BF16 and FP16, libtorch's autocast hands convolutions and matrix
/// products copies of 16 bits.
public enum Precision {
  FP32,
  /// As wide a range as float32 has, so nothing needs to be scaled.
  BF16,
  /// CUDA only; small gradients vanish unless the loss is scaled.
  FP16;

  /// Begins autocast for this thread.
  ///
  /// @return closed by the same thread, after forward and before backward
  public Scope open(Device device) {
    DeviceType type = device.type().intern();
    if (this == FP16 && type != DeviceType.CUDA) {
      throw new TorchException("precision=fp16 needs CUDA; take precision=bf16 on the CPU");
    }
    return this == FP32 ? new Scope(type, false) : new Scope(type, this);
  }

  /// A stretch of forward computation. Whoever opened it closes it, on the same thread.
  public static final class Scope implements AutoCloseable {

    private final DeviceType device;
    private final boolean casts;

    private Scope(DeviceType device, boolean casts) {
      this.device = device;
      this.casts = casts;
    }

    private Scope(DeviceType device, Precision precision) {
      this(device, true);
      torch.set_autocast_dtype(device, precision == BF16 ? ScalarType.BFloat16 : ScalarType.Half);
      torch.set_autocast_enabled(device, true);
      torch.increment_nesting();
    }

    @Override
    public void close() {
      if (casts) {
        // The cache holds the 16-bit copies of weights, which the next update makes stale.
        if (torch.decrement_nesting() == 0) {
          torch.clear_cache();
        }
        torch.set_autocast_enabled(device, false);
      }
    }
  }
}
