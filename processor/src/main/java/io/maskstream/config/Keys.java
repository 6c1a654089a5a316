package io.maskstream.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.ValidString.in;

import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Provider;
import io.maskstream.shadow.Watch;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.ModelControl;
import io.maskstream.topology.StreamSettings;
import io.maskstream.topology.Topics;
import io.maskstream.video.Limits;
import io.maskstream.wire.Codec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/// Every key with its type, default, bounds and meaning.
final class Keys {

  static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  static final String APPLICATION_ID = "application.id";
  static final String STATE_DIR = "state.dir";
  static final String HTTP_LISTEN = "http.listen";
  static final String HTTP_VIEWER = "http.viewer";
  static final String HTTP_TOKEN = "http.token";
  static final String MODEL = "model";
  static final String MODEL_DIGEST = "model.sha256";
  static final String PROVIDER = "inference.provider";
  static final String BATCH_MAX = "inference.batch.max";
  static final String BATCH_WAIT = "inference.batch.wait.ms";
  static final String INFERENCE_THREADS = "inference.threads";
  static final String RUNS = "inference.runs";
  static final String DEADLINE = "inference.deadline.ms";
  static final String GPU_MEMORY = "inference.gpu.memory.max.bytes";
  static final String IN_FLIGHT = "inference.in.flight.max";
  static final String CODECS = "video.codecs";
  static final String MAX_PIXELS = "video.max.pixels";
  static final String MAX_ACCESS_UNIT = "video.max.access.unit.bytes";
  static final String MASK_ENCODING = "mask.encoding";
  static final String MASK_MAX = "mask.max.bytes";
  static final String FRAMES = "topics.frames";
  static final String MASKS = "topics.masks";
  static final String STATISTICS = "topics.statistics";
  static final String WINDOW_STATISTICS = "topics.statistics.1m";
  static final String CAMERAS = "topics.cameras";
  static final String MODELS = "topics.models";
  static final String MODEL_STATUS = "topics.models.status";
  static final String LABEL_CANDIDATES = "topics.label-candidates";
  static final String DEAD_LETTERS = "topics.dead-letters";
  static final String STREAM_THREADS = "stream.threads";
  static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms";
  static final String IDLE = "camera.idle.ms";
  static final String FORGET = "camera.forget.ms";
  static final String GRACE = "window.grace.ms";
  static final String HOLD = "model.hold.max.ms";
  static final String KEEP = "model.keep.ms";
  static final String MODEL_MEMORY = "model.memory.max.bytes";
  static final String MODEL_CACHE = "model.cache.dir";
  static final String MODEL_KEYS = "model.keys";
  static final String MODEL_DOWNGRADE = "model.downgrade.allow";
  static final String MODEL_S3 = "model.s3.endpoint";
  static final String MODEL_DEADLINE = "model.proof.deadline.ms";
  static final String MODEL_BUDGET = "model.frame.budget.ms";
  static final String MODEL_SHADOW = "topics.models.shadow";
  static final String SHADOW_MASKS = "topics.masks.shadow";
  static final String MODEL_SLOWDOWN = "model.slowdown.max";
  static final String MODEL_PROBATION = "model.probation.ms";
  static final String CAMERAS_MAX = "metrics.cameras.max";

  /// First words of keys that go to Kafka as they are.
  static final List<String> PASSED_THROUGH =
      List.of("kafka.", "streams.", "producer.", "consumer.");

  /// The two kinds of key that have a name of the user's in them.
  private static final Pattern CAMERA_SIZE = Pattern.compile("camera\\.(.+)\\.size");

  private static final Pattern CAMERA_GROUP = Pattern.compile("camera\\.(.+)\\.group");

  static final ConfigDef DEFINITION = define();

  private Keys() {}

  /// The camera whose frame size this key sets.
  static Optional<String> cameraOfSize(String key) {
    return Optional.of(CAMERA_SIZE.matcher(key)).filter(Matcher::matches).map(m -> m.group(1));
  }

  /// The camera whose group this key sets.
  static Optional<String> cameraOfGroup(String key) {
    return Optional.of(CAMERA_GROUP.matcher(key)).filter(Matcher::matches).map(m -> m.group(1));
  }

  private static ConfigDef define() {
    InferenceSettings inference = InferenceSettings.standard();
    StreamSettings.Timing timing = StreamSettings.Timing.STANDARD;
    Topics topics = Topics.STANDARD;
    ControlTopics control = ControlTopics.STANDARD;
    Table table = new Table();
    table.text(
        BOOTSTRAP_SERVERS, "localhost:9092", HIGH, "Kafka brokers, host:port separated by commas.");
    table.text(
        APPLICATION_ID,
        "maskstream",
        HIGH,
        "Names the consumer group, the transactions and the internal topics; equal for all"
            + " processors that share the cameras.");
    table.text(
        STATE_DIR,
        "~/.local/state/maskstream",
        HIGH,
        "Folder of this processor alone, kept over restarts; two processors on one host have two.");
    table.put(
        HTTP_LISTEN,
        Type.STRING,
        "127.0.0.1:8080",
        readable(ListenAddress::parse),
        MEDIUM,
        "Where the viewer, /metrics, /livez and /readyz are served, HOST:PORT; port 0 takes a free"
            + " one.");
    table.put(
        HTTP_VIEWER,
        Type.BOOLEAN,
        true,
        null,
        LOW,
        "Whether cameras and masks can be looked at with a browser.");
    table.put(
        HTTP_TOKEN,
        Type.PASSWORD,
        "",
        Keys::requireToken,
        MEDIUM,
        "What a browser on another machine has to know to look, 16 characters at least; without it"
            + " only this machine may. It protects no metrics.");
    table.put(
        MODEL,
        Type.STRING,
        "",
        null,
        HIGH,
        "The release to run until the models topic assigns another: an .onnx file made by"
            + " `maskstream model package`, as a path or at file:, https: or s3:.");
    table.put(
        MODEL_DIGEST,
        Type.STRING,
        "",
        null,
        MEDIUM,
        "The SHA-256 that the file of that release must have; with it a restart needs no store.");
    table.put(
        PROVIDER,
        Type.STRING,
        inference.provider().toString(),
        in(names(Provider.values()).toArray(String[]::new)),
        HIGH,
        "What computes: cuda (refuses to start without a GPU), cpu, or auto (CUDA where there is"
            + " one, else the CPU, with one warning).");
    table.put(
        BATCH_MAX,
        Type.INT,
        inference.batchMax(),
        between(0, 256),
        MEDIUM,
        "Most frames in a micro-batch; 0 chooses by provider (CPU "
            + InferenceSettings.CPU_BATCH
            + ", CUDA "
            + InferenceSettings.CUDA_BATCH
            + ").");
    table.millis(
        BATCH_WAIT,
        inference.batchWait().toMillis(),
        0,
        "How long a frame may wait for others to fill its micro-batch.");
    table.put(
        INFERENCE_THREADS,
        Type.INT,
        inference.threads(),
        between(0, 1024),
        LOW,
        "Threads of one run on the CPU; 0 shares the cores among the runs.");
    table.put(
        RUNS,
        Type.INT,
        inference.runs(),
        between(0, 64),
        LOW,
        "Runs that go on side by side; 0 chooses by provider (CPU "
            + InferenceSettings.CPU_RUNS
            + ", CUDA "
            + InferenceSettings.CUDA_RUNS
            + ").");
    table.millis(
        DEADLINE,
        inference.deadline().toMillis(),
        1,
        "A run that takes longer is ended, and its frames get a marker.");
    table.put(
        GPU_MEMORY,
        Type.LONG,
        0L,
        atLeast(0),
        LOW,
        "Bytes of the GPU's memory that one release may take, twice that during a swap; 0 for what"
            + " there is.");
    table.put(
        IN_FLIGHT,
        Type.INT,
        32,
        between(1, 4096),
        LOW,
        "Frames that one partition may have in inference before it waits.");
    table.put(
        CODECS,
        Type.LIST,
        String.join(",", names(Codec.values())),
        new CodecNames(),
        MEDIUM,
        "Codecs that are decoded; others are answered with a marker.");
    table.put(
        MAX_PIXELS,
        Type.LONG,
        Limits.STANDARD.maxPixels(),
        atLeast(1),
        MEDIUM,
        "Width times height of a picture; larger ones are answered with a marker.");
    table.put(
        MAX_ACCESS_UNIT,
        Type.INT,
        Limits.STANDARD.maxAccessUnitBytes(),
        atLeast(1024),
        MEDIUM,
        "Bytes of the record of one access unit; larger ones become dead letters.");
    table.put(
        MASK_ENCODING,
        Type.STRING,
        "rle",
        in("rle", "png"),
        LOW,
        "How the pixels of a mask are written: run lengths, or a palette PNG.");
    table.put(
        MASK_MAX,
        Type.INT,
        StreamSettings.RecordLimits.STANDARD.maskBytes(),
        between(1024, 32 << 20),
        LOW,
        "Bytes of one mask; larger ones become markers. What the topic takes (max.message.bytes)"
            + " bounds it too.");
    table.text(FRAMES, topics.frames(), LOW, "Topic of the access units, the input.");
    table.text(MASKS, topics.masks(), LOW, "Topic of the masks and markers.");
    table.text(STATISTICS, topics.statistics(), LOW, "Topic of the statistics of each mask.");
    table.text(
        WINDOW_STATISTICS,
        topics.windowStatistics(),
        LOW,
        "Topic of the statistics of each minute.");
    table.text(CAMERAS, control.cameras(), LOW, "Topic of the cameras declared.");
    table.text(MODELS, control.models(), LOW, "Topic of the releases assigned.");
    table.text(MODEL_STATUS, control.modelStatus(), LOW, "Topic of the releases loaded.");
    table.text(MODEL_SHADOW, control.shadow(), LOW, "Topic of what processors see of candidates.");
    table.text(
        SHADOW_MASKS, control.shadowMasks(), LOW, "Topic of the masks that candidates make.");
    table.text(
        LABEL_CANDIDATES,
        control.labelCandidates(),
        LOW,
        "Topic of the frames that people should label.");
    table.put(
        MODEL_SLOWDOWN,
        Type.DOUBLE,
        Watch.SLOWDOWN,
        atLeast(1),
        LOW,
        "How many times as long as the other release's the runs of a candidate, or of a release on"
            + " probation, may take.");
    table.millis(
        MODEL_PROBATION,
        Watch.PROBATION.toMillis(),
        0,
        "How long a release that has come into force is watched, and rolled back if it goes bad; 0"
            + " for never.");
    table.millis(
        HOLD,
        ModelControl.HOLD.toMillis(),
        1,
        "How long a frame waits for its release to be loaded before it gets a marker; never more"
            + " than a third of transaction.timeout.ms.");
    table.millis(
        KEEP,
        ModelControl.KEEP.toMillis(),
        0,
        "How long a release stays open that no camera needs any more.");
    table.put(
        MODEL_MEMORY,
        Type.LONG,
        0L,
        atLeast(0),
        LOW,
        "Bytes that loading a release may take beside those that serve, about three times its"
            + " file; 0 takes what the host or container has free.");
    table.text(
        MODEL_CACHE,
        "~/.cache/maskstream",
        LOW,
        "Folder for releases that were fetched, named by what they hold.");
    table.put(
        MODEL_KEYS,
        Type.LIST,
        List.of(),
        null,
        MEDIUM,
        "Public key files (PEM), any of which must have signed a release; none takes unsigned"
            + " ones.");
    table.put(
        MODEL_DOWNGRADE,
        Type.BOOLEAN,
        false,
        null,
        LOW,
        "Whether a signed release may be older than the latest that was taken here, though it has"
            + " never served here.");
    table.put(MODEL_S3, Type.STRING, "", null, LOW, "An S3 server other than Amazon's, as a URI.");
    table.millis(
        MODEL_BUDGET,
        0,
        0,
        "What a release may take for a frame of 640x480, or of its fixed size, in its"
            + " proof; 0 for any time.");
    table.millis(
        MODEL_DEADLINE,
        ProofLimits.STANDARD.deadline().toMillis(),
        1,
        "What the proof of a release may take, and a second more for every 4 MiB of its file above"
            + " 16.");
    table.text(
        DEAD_LETTERS, topics.deadLetters(), LOW, "Topic of records that are no access unit.");
    table.put(
        STREAM_THREADS,
        Type.INT,
        1,
        between(1, 256),
        MEDIUM,
        "Threads that read, decode and write; each takes its share of the partitions.");
    table.put(
        TRANSACTION_TIMEOUT,
        Type.INT,
        60_000,
        between(1_000, 900_000),
        LOW,
        "When the brokers give up the transaction of a lost processor; readers of its masks wait"
            + " until then. At least four times the longest micro-batch.");
    table.millis(
        IDLE,
        timing.idle().toMillis(),
        1,
        "Silence after which a camera's last pictures are fetched out of its decoder.");
    table.millis(
        FORGET, timing.forget().toMillis(), 1, "Silence after which nothing is kept of a camera.");
    table.millis(
        GRACE,
        timing.windowGrace().toMillis(),
        0,
        "How long a minute's statistics stay open for late pictures.");
    table.put(
        CAMERAS_MAX,
        Type.INT,
        1000,
        between(0, 100_000),
        LOW,
        "Cameras that have metrics of their own; those beyond are counted together.");
    return table.definition;
  }

  private static List<String> names(Object[] values) {
    return Arrays.stream(values).map(value -> value.toString().toLowerCase(Locale.ROOT)).toList();
  }

  /// Takes none, or one that is long enough.
  private static void requireToken(String name, Object value) {
    String token = ((Password) value).value();
    try {
      if (!token.isEmpty()) {
        TokenLength.require(token);
      }
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name + ": " + e.getMessage());
    }
  }

  /// Accepts what this reads without an IllegalArgumentException.
  private static Validator readable(Consumer<String> reader) {
    return (name, value) -> {
      try {
        reader.accept((String) value);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(name, value, e.getMessage());
      }
    };
  }

  /// The growing definition; the keys stay in the order in which they are put.
  private static final class Table {

    private final ConfigDef definition = new ConfigDef();
    private int order;

    private void text(String name, String usual, Importance importance, String meaning) {
      put(name, Type.STRING, usual, new NonEmptyString(), importance, meaning);
    }

    private void millis(String name, long usual, long least, String meaning) {
      put(name, Type.LONG, usual, atLeast(least), LOW, meaning);
    }

    private void put(
        String name,
        Type type,
        Object usual,
        @org.jspecify.annotations.Nullable Validator validator,
        Importance importance,
        String meaning) {
      definition.define(
          name,
          type,
          usual,
          validator,
          importance,
          meaning,
          "",
          order++,
          ConfigDef.Width.NONE,
          name);
    }
  }

  private static final class CodecNames implements Validator {

    private static final List<String> KNOWN = names(Codec.values());

    @Override
    public void ensureValid(String name, Object value) {
      List<?> wanted = (List<?>) value;
      if (wanted.isEmpty() || !KNOWN.containsAll(wanted)) {
        throw new ConfigException(name, value, "Value must be at least one of " + this);
      }
    }

    @Override
    public String toString() {
      return KNOWN.stream().collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
