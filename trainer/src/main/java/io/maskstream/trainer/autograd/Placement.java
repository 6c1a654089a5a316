package io.maskstream.trainer.autograd;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/// Where a graph runs and how its pictures lie in memory.
///
/// @param name `cpu`, or `cuda:0` and so on
/// @param channelsLast whether the channels of a pixel lie side by side (N x H x W x C in memory;
///   shapes stay N x C x H x W), as oneDNN and cuDNN like it best
public record Placement(String name, boolean channelsLast) {

  /// They live as long as the program: a few bytes each, shared by all scopes.
  private static final Map<String, Device> DEVICES = new ConcurrentHashMap<>();

  public Placement {
    if (!name.matches("cpu|cuda(:\\d)?")) {
      throw new TorchException("device=" + name + " is unknown; take cpu, cuda or cuda:N");
    }
    if (name.startsWith("cuda")) {
      checkCuda(name);
    }
  }

  private static void checkCuda(String name) {
    int index = name.length() > 5 ? Integer.parseInt(name.substring(5)) : 0;
    int found = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    if (index >= found) {
      throw new TorchException(
          "device="
              + name
              + " is not there, libtorch sees "
              + found
              + " CUDA devices; take device=cpu, or run libtorch's CUDA build (classifier "
              + "linux-x86_64-gpu of org.bytedeco:pytorch) with NVIDIA's driver");
    }
  }

  public static Placement cpu() {
    return of("cpu");
  }

  /// On this device, channels last.
  public static Placement of(String name) {
    return new Placement(name, true);
  }

  public Placement withChannelsLast(boolean wanted) {
    return new Placement(name, wanted);
  }

  public boolean isCuda() {
    return name.startsWith("cuda");
  }

  /// Never to be closed.
  public Device device() {
    return DEVICES.computeIfAbsent(
        name,
        wanted -> {
          try (PointerScope scope = new PointerScope()) {
            Device device = new Device(wanted);
            device.retainReference();
            return device;
          }
        });
  }

  /// The tensor on this device and in this layout, which may be itself.
  Tensor place(Tensor tensor) {
    Tensor here = tensor.is_cuda() == isCuda() ? tensor : tensor.to(device(), tensor.scalar_type());
    boolean picture = here.dim() == 4 && channelsLast;
    return here.contiguous(picture ? MemoryFormat.ChannelsLast : MemoryFormat.Contiguous);
  }
}
