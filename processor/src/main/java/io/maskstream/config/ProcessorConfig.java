package io.maskstream.config;

import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Provider;
import io.maskstream.release.InputSize;
import io.maskstream.shadow.Watch;
import io.maskstream.store.ReleaseStore;
import io.maskstream.store.SigningKeys;
import io.maskstream.store.StoreOptions;
import io.maskstream.store.Trust;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.ModelControl;
import io.maskstream.topology.StreamSettings;
import io.maskstream.topology.StreamSettings.MaskEncoding;
import io.maskstream.topology.Topics;
import io.maskstream.video.Limits;
import io.maskstream.video.Size;
import io.maskstream.wire.Codec;
import java.net.URI;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/// Everything that the processor is set up with.
///
/// @param model where the release to run lies; empty where the program brings its own
/// @param modelDigest SHA-256 that it must have, if that is said
/// @param inference how it is run
/// @param video what the decoders accept
/// @param stream the topology
/// @param controlTopics the topics beside those of the stream
/// @param modelControl how releases are swapped
/// @param store where they are fetched to, and whose are taken
/// @param proof what they are given to prove themselves before they are loaded
/// @param httpListen where metrics are served
/// @param httpViewer whether cameras and masks can be looked at there
/// @param httpToken what whoever looks from another machine has to know
/// @param metricCameras cameras that have metrics of their own, at most
/// @param printout what is to be shown at the start
public record ProcessorConfig(
    Optional<URI> model,
    Optional<String> modelDigest,
    InferenceSettings inference,
    Limits video,
    StreamSettings stream,
    ControlTopics controlTopics,
    ModelControl modelControl,
    StoreOptions store,
    ProofLimits proof,
    ListenAddress httpListen,
    boolean httpViewer,
    Optional<Password> httpToken,
    int metricCameras,
    Printout printout) {

  /// What a person should see of a configuration.
  ///
  /// @param lines every key with its value and where it is from; no passwords
  /// @param warnings what is odd and was ignored
  public record Printout(List<String> lines, List<String> warnings) {
    public Printout {
      lines = List.copyOf(lines);
      warnings = List.copyOf(warnings);
    }
  }

  /// Reads the configuration: the command line wins over the environment, that over the file, that
  /// over the defaults.
  ///
  /// @param file properties; null for none
  /// @param commandLine the values of `-X key=value`
  /// @param environment of which variables that begin with MASKSTREAM_ are read
  /// @throws ConfigurationException with a line for every fault
  public static ProcessorConfig read(
      @Nullable Path file, Map<String, String> commandLine, Map<String, String> environment) {
    Sources sources = new Sources(environment).read(file, commandLine);
    Map<String, String> resolved = new HashMap<>();
    sources.values().forEach((key, value) -> resolved.put(key, value.resolved()));
    List<String> faults = sources.faults();
    for (ConfigValue value : Keys.DEFINITION.validate(resolved)) {
      for (String message : value.errorMessages()) {
        faults.add(message + origin(sources, value.name()));
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults);
    }
    AbstractConfig config = new AbstractConfig(Keys.DEFINITION, resolved, Map.of(), false);
    try {
      return of(config, resolved, new Printout(lines(sources), sources.warnings()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  /// What any Kafka client of the processor needs: brokers and security.
  public Properties kafkaClient() {
    Properties client = new Properties();
    client.putAll(stream.forClient());
    return client;
  }

  private static ProcessorConfig of(
      AbstractConfig config, Map<String, String> resolved, Printout printout) {
    String model = config.getString(Keys.MODEL);
    StreamSettings stream = stream(config, resolved);
    ControlTopics control =
        new ControlTopics(
            config.getString(Keys.CAMERAS),
            config.getString(Keys.MODELS),
            config.getString(Keys.MODEL_STATUS),
            config.getString(Keys.MODEL_SHADOW),
            config.getString(Keys.SHADOW_MASKS),
            config.getString(Keys.LABEL_CANDIDATES));
    return new ProcessorConfig(
        model.isEmpty() ? Optional.empty() : Optional.of(address(model)),
        Optional.of(config.getString(Keys.MODEL_DIGEST)).filter(digest -> !digest.isEmpty()),
        inference(config),
        new Limits(
            codecs(config), config.getLong(Keys.MAX_PIXELS), config.getInt(Keys.MAX_ACCESS_UNIT)),
        stream,
        control,
        modelControl(config, resolved, control, stream),
        store(config),
        proof(config),
        ListenAddress.parse(config.getString(Keys.HTTP_LISTEN)),
        config.getBoolean(Keys.HTTP_VIEWER),
        Optional.of(config.getPassword(Keys.HTTP_TOKEN)).filter(token -> !token.value().isEmpty()),
        config.getInt(Keys.CAMERAS_MAX),
        printout);
  }

  private static InferenceSettings inference(AbstractConfig config) {
    return new InferenceSettings(
        Provider.of(config.getString(Keys.PROVIDER)),
        config.getInt(Keys.INFERENCE_THREADS),
        InferenceSettings.standard().spinning(),
        config.getInt(Keys.RUNS),
        config.getInt(Keys.BATCH_MAX),
        Duration.ofMillis(config.getLong(Keys.BATCH_WAIT)),
        Duration.ofMillis(config.getLong(Keys.DEADLINE)),
        config.getLong(Keys.GPU_MEMORY));
  }

  private static StreamSettings stream(AbstractConfig config, Map<String, String> resolved) {
    return new StreamSettings(
        config.getString(Keys.BOOTSTRAP_SERVERS),
        config.getString(Keys.APPLICATION_ID),
        path(config.getString(Keys.STATE_DIR)),
        new Topics(
            config.getString(Keys.FRAMES),
            config.getString(Keys.MASKS),
            config.getString(Keys.STATISTICS),
            config.getString(Keys.WINDOW_STATISTICS),
            config.getString(Keys.DEAD_LETTERS)),
        config.getInt(Keys.STREAM_THREADS),
        config.getInt(Keys.IN_FLIGHT),
        config.getString(Keys.MASK_ENCODING).equals("png")
            ? MaskEncoding.PNG
            : MaskEncoding.RUN_LENGTHS,
        new StreamSettings.RecordLimits(
            config.getInt(Keys.MAX_ACCESS_UNIT), config.getInt(Keys.MASK_MAX)),
        cameraSizes(resolved),
        new StreamSettings.Timing(
            Duration.ofMillis(config.getLong(Keys.IDLE)),
            Duration.ofMillis(config.getLong(Keys.FORGET)),
            Duration.ofMillis(config.getLong(Keys.GRACE))),
        Duration.ofMillis(config.getInt(Keys.TRANSACTION_TIMEOUT)),
        passedThrough(resolved));
  }

  private static ModelControl modelControl(
      AbstractConfig config,
      Map<String, String> resolved,
      ControlTopics control,
      StreamSettings stream) {
    long hold =
        Math.min(config.getLong(Keys.HOLD), stream.transactionTimeout().dividedBy(3).toMillis());
    Map<String, String> groups = new HashMap<>();
    resolved.forEach(
        (key, value) -> Keys.cameraOfGroup(key).ifPresent(cameraId -> groups.put(cameraId, value)));
    double slowdown = config.getDouble(Keys.MODEL_SLOWDOWN);
    Optional<Duration> budget =
        Optional.of(Duration.ofMillis(config.getLong(Keys.MODEL_BUDGET)))
            .filter(Duration::isPositive);
    return new ModelControl(
        control.models(),
        control.modelStatus(),
        control.shadow(),
        control.shadowMasks(),
        groups,
        Duration.ofMillis(hold),
        Duration.ofMillis(config.getLong(Keys.KEEP)),
        Watch.of(slowdown, budget, Duration.ofMillis(config.getLong(Keys.MODEL_PROBATION))),
        config.getLong(Keys.MODEL_MEMORY));
  }

  private static StoreOptions store(AbstractConfig config) {
    List<PublicKey> keys =
        config.getList(Keys.MODEL_KEYS).stream()
            .map(file -> SigningKeys.readOpen(path(file)))
            .toList();
    StoreOptions options =
        StoreOptions.in(path(config.getString(Keys.MODEL_CACHE)))
            .with(
                keys.isEmpty()
                    ? Trust.UNSIGNED
                    : new Trust(keys, config.getBoolean(Keys.MODEL_DOWNGRADE)));
    String endpoint = config.getString(Keys.MODEL_S3);
    return endpoint.isEmpty() ? options : options.withS3(URI.create(endpoint));
  }

  private static ProofLimits proof(AbstractConfig config) {
    int batch = config.getInt(Keys.BATCH_MAX);
    ProofLimits limits =
        new ProofLimits(
            Provider.of(config.getString(Keys.PROVIDER)),
            batch == 0 ? ProofLimits.STANDARD.batchMax() : batch,
            Duration.ofMillis(config.getLong(Keys.MODEL_DEADLINE)),
            ProofLimits.STANDARD.memoryBytes(),
            Optional.empty(),
            ProofLimits.STANDARD.coarserMaps());
    long budget = config.getLong(Keys.MODEL_BUDGET);
    return budget == 0 ? limits : limits.withBudget(Duration.ofMillis(budget));
  }

  private static Map<String, Size> cameraSizes(Map<String, String> resolved) {
    Map<String, Size> sizes = new HashMap<>();
    resolved.forEach((key, value) ->
        Keys.cameraOfSize(key).ifPresent(cameraId -> sizes.put(cameraId, size(key, value))));
    return sizes;
  }

  private static Size size(String key, String value) {
    try {
      return InputSize.parseSize(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> passedThrough(Map<String, String> resolved) {
    return resolved.entrySet().stream()
        .filter(entry -> Keys.PASSED_THROUGH.stream().anyMatch(entry.getKey()::startsWith))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Set<Codec> codecs(AbstractConfig config) {
    EnumSet<Codec> codecs = EnumSet.noneOf(Codec.class);
    config
        .getList(Keys.CODECS)
        .forEach(name -> codecs.add(Codec.valueOf(name.toUpperCase(Locale.ROOT))));
    return codecs;
  }

  private static URI address(String model) {
    return ReleaseStore.address(model.startsWith("~/") ? path(model).toString() : model);
  }

  private static Path path(String text) {
    return text.startsWith("~/")
        ? Path.of(System.getProperty("user.home"), text.substring(2))
        : Path.of(text);
  }

  private static String origin(Sources sources, String key) {
    Sources.Value value = sources.values().get(key);
    return value == null ? "" : " (" + value.origin() + ")";
  }

  private static List<String> lines(Sources sources) {
    TreeMap<String, String> lines = new TreeMap<>();
    Keys.DEFINITION
        .configKeys()
        .forEach((name, key) -> lines.put(name, ReferenceTable.usual(key) + "  (default)"));
    sources
        .values()
        .forEach((key, value) ->
            lines.put(key, Secrets.printable(key, value) + "  (" + value.origin() + ")"));
    return lines.entrySet().stream().map(line -> line.getKey() + " = " + line.getValue()).toList();
  }
}
