package io.maskstream.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens sessions of ONNX Runtime on the provider that is wanted, or says why it cannot.
final class Sessions {

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private static final long STACK_BYTES = 16L << 20;

  /// Hot swaps open sessions again and again; one warning is enough.
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  /// An open session.
  ///
  /// @param provider CPU or CUDA, never AUTO
  record Open(OrtSession session, Provider provider) {}

  private Sessions() {}

  /// Its own log is off: what it would say of a failure is in the exception.
  static OrtEnvironment environment() {
    // Its start needs more stack than Java's threads have to spare: on 1 MiB it crashes the JVM.
    FutureTask<OrtEnvironment> start =
        new FutureTask<>(() ->
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "maskstream"));
    new Thread(null, start, "onnxruntime-start", STACK_BYTES).start();
    try {
      return start.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException("interrupted while ONNX Runtime starts", e);
    } catch (ExecutionException e) {
      throw new InferenceException(
          "ONNX Runtime's native library cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + "; it wants Linux x64 or arm64 with glibc 2.28, macOS arm64 or Windows x64",
          e);
    }
  }

  /// @param what names the graph in errors
  static Open open(byte[] graph, String what, InferenceSettings settings) {
    if (settings.provider() != Provider.CPU) {
      try {
        return new Open(openOnCuda(graph, settings), Provider.CUDA);
      } catch (InferenceException e) {
        if (settings.provider() == Provider.CUDA) {
          throw new InferenceException(
              "provider=cuda cannot start: "
                  + e.getMessage()
                  + "; or set provider=cpu (slower), or provider=auto to choose by itself",
              e.getCause() == null ? e : e.getCause());
        }
        if (!WARNED.getAndSet(true)) {
          LOG.warn("provider=auto runs on the CPU: {}", e.getMessage());
        }
      }
    }
    try (SessionOptions options = options(settings.threadsOn(Provider.CPU), settings)) {
      return new Open(environment().createSession(graph, options), Provider.CPU);
    } catch (OrtException e) {
      throw new InferenceException(
          "ONNX Runtime refuses the graph of " + what + ": " + e.getMessage(), e);
    }
  }

  private static OrtSession openOnCuda(byte[] graph, InferenceSettings settings) {
    requireCudaBuild();
    try (SessionOptions options = options(settings.threadsOn(Provider.CUDA), settings);
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      // An exhaustive search for the best convolution would run anew for every batch size.
      cuda.add("cudnn_conv_algo_search", "HEURISTIC");
      // By powers of two, a session may hold almost twice what it needs, beside the one that
      // serves.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (settings.gpuBytes() > 0) {
        cuda.add("gpu_mem_limit", Long.toString(settings.gpuBytes()));
      }
      options.addCUDA(cuda);
      return environment().createSession(graph, options);
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  /// Loads what a session on CUDA needs, without a graph.
  ///
  /// @throws InferenceException if it is not there, saying why
  static void requireCuda() {
    requireCudaBuild();
    try (SessionOptions options = new SessionOptions();
        OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      options.addCUDA(cuda);
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  private static void requireCudaBuild() {
    environment();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new InferenceException(
          "this build holds ONNX Runtime for the CPU only; build it with ./mvnw -Pcuda package "
              + "(CUDA 12 and cuDNN 9 must be installed)");
    }
  }

  private static InferenceException unusable(OrtException e) {
    return new InferenceException(
        (driver()
                ? "the NVIDIA driver is there, but CUDA 12 or cuDNN 9 is not usable "
                    + "(install both and put them on LD_LIBRARY_PATH): "
                : "there is no NVIDIA driver (in a container, give it the GPU): ")
            + e.getMessage(),
        e);
  }

  /// Whether there is a GPU that could be used.
  static boolean driver() {
    return Files.exists(Path.of("/proc/driver/nvidia/version"));
  }

  private static SessionOptions options(int threads, InferenceSettings settings)
      throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    if (threads > 0) {
      options.setIntraOpNumThreads(threads);
    }
    options.setInterOpNumThreads(1);
    String spinning = settings.spinning() ? "1" : "0";
    options.addConfigEntry("session.intra_op.allow_spinning", spinning);
    options.addConfigEntry("session.inter_op.allow_spinning", spinning);
    options.setCPUArenaAllocator(true);
    // Weights of their own size beside the arena, which then holds activations only and leaves less
    // behind when it is closed.
    options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
    // A graph from bytes would look for its external data in the working directory.
    options.addConfigEntry(
        "session.model_external_initializers_file_folder_path", EmptyFolder.PATH.toString());
    return options;
  }

  /// Created when the first session is opened.
  private static final class EmptyFolder {

    static final Path PATH = create();

    private static Path create() {
      try {
        Path folder = Files.createTempDirectory("maskstream-no-external-data");
        folder.toFile().deleteOnExit();
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
