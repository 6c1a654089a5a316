package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.RecordingAuthorizer;
import io.maskstream.broker.RecordingAuthorizer.Use;
import io.maskstream.broker.SecuredBroker;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.gate.Candidates;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topics.AccessCheck;
import io.maskstream.topics.Acl;
import io.maskstream.topics.AclTable;
import io.maskstream.topics.AclTable.Role;
import io.maskstream.topics.Cluster;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.TopicException;
import io.maskstream.topics.TopicTable;
import io.maskstream.topology.StreamObserver;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Brokers with TLS, passwords and an authorizer: each program does its work with the ACLs of the
/// table, uses every one of them, and says which is missing. The tests share a broker, in their
/// order.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] GARBAGE = {1, 2, 3};

  @TempDir static Path folder;
  private static SecuredBroker broker;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    broker =
        SecuredBroker.start(folder, List.of(Role.values()).stream().map(AccessTest::user).toList());
    for (Role role : Role.values()) {
      write(user(role));
    }
    admin = Admin.create(broker.client(SecuredBroker.ADMIN));
    try (Cluster cluster = Cluster.connect(broker.client(SecuredBroker.ADMIN))) {
      cluster.apply(TopicTable.standard(1, 1));
    }
    admin
        .createAcls(
            List.of(Role.values()).stream().flatMap(role -> bindings(role).stream()).toList())
        .all()
        .get(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    admin.close();
    broker.close();
  }

  @Test
  @Order(1)
  void everyProgramWorksWithItsAclsAndUsesEachOfThem() throws Exception {
    Path model = release("honest");
    try (Processor processor =
        Processor.open(configuration(model), ReleaseFile.read(model), StreamObserver.NONE)) {
      processor.start();
      publishFile();
      publishByHand("first");
      // Its rollback goes this way.
      try (ModelAssigner assigner =
          ModelAssigner.open(
              broker.client(user(Role.PROCESSOR)), ControlTopics.STANDARD, "camera/none")) {
        assigner.endShadow();
      }
      int[] turn = {0};
      await()
          .atMost(PATIENCE.multipliedBy(2))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> {
            // Its proof has 15 s, which a busy machine may need for less; then it is shadowed
            // again.
            if (turn[0] % 20 == 0) {
              shadowACandidate();
            }
            publishByHand("again-" + turn[0]++);
            assertThat(unused(Role.PROCESSOR)).as("not yet used").isEmpty();
          });
      assertExact(1 + turn[0]);
      assertThat(processor.failure()).isNull();
    }
    Outcome tail =
        command(Role.VIEWER, "mask", "tail", "--from", "beginning", "--max", "20", "-o", "json");
    assertThat(tail.out().lines()).as(tail.err()).hasSize(20);
    for (Role role : Role.values()) {
      assertThat(unused(role)).as("ACLs that %s does not use", role).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  void eachAclThatIsTakenAwayIsNamedWithTheLineThatGrantsIt(Role role) throws Exception {
    Properties client = broker.client(user(role));
    AccessCheck.require(client, AclTable.STANDARD, role);
    for (Acl acl : AclTable.STANDARD.of(role)) {
      for (AclBinding binding : acl.bindings("User:" + user(role))) {
        admin.deleteAcls(List.of(binding.toFilter())).all().get(30, TimeUnit.SECONDS);
        String operation =
            binding.entry().operation().name().replace("_", "").toLowerCase(Locale.ROOT);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .untilAsserted(() ->
                assertThatThrownBy(() -> AccessCheck.require(client, AclTable.STANDARD, role))
                    .isInstanceOf(TopicException.class)
                    .satisfies(failure ->
                        assertThat(failure.getMessage().lines())
                            .singleElement()
                            .asString()
                            .containsIgnoringCase("--operation " + operation)
                            .contains(
                                " " + acl.resource() + " (",
                                "kafka-acls.sh --bootstrap-server ",
                                " " + acl.name())));
        admin.createAcls(List.of(binding)).all().get(30, TimeUnit.SECONDS);
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> AccessCheck.require(client, AclTable.STANDARD, role));
  }

  /// What does not exist yet cannot be asked about: the brokers refuse it when it is there.
  @Test
  @Order(3)
  void whatTheBrokersRefuseLaterIsNamedToo() throws Exception {
    AclTable table =
        new AclTable(AclTable.STANDARD.stream(), AclTable.STANDARD.control(), "another");
    String principal = "User:" + user(Role.PROCESSOR);
    Path model = release("honest");
    String refused = "another-camera-progress-changelog";
    List<AclBinding> granted = new ArrayList<>();
    for (Acl acl : table.of(Role.PROCESSOR)) {
      acl.bindings(principal).stream()
          .filter(binding ->
              !(acl.name().equals(refused) && binding.entry().operation().name().equals("WRITE")))
          .forEach(granted::add);
    }
    admin.createAcls(granted).all().get(30, TimeUnit.SECONDS);
    Path file = properties(model);
    Outcome run =
        Outcome.of(
            "run",
            "-c",
            file + "",
            "-X",
            "application.id=another",
            "-X",
            "state.dir=" + folder.resolve("another"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("do not allow this user to Write topic " + refused)
        .contains("--operation Write --topic " + refused);
  }

  @Test
  @Order(4)
  void theCommandsSayItToTheirUsers() throws Exception {
    Acl frames = AclTable.STANDARD.of(Role.PUBLISHER).getFirst();
    Acl masks = AclTable.STANDARD.of(Role.VIEWER).get(1);
    Acl models = AclTable.STANDARD.of(Role.OPERATOR).get(1);
    for (Map.Entry<Role, Acl> each :
        Map.of(Role.PUBLISHER, frames, Role.VIEWER, masks, Role.OPERATOR, models).entrySet()) {
      admin
          .deleteAcls(
              each.getValue().bindings("User:" + user(each.getKey())).stream()
                  .map(AclBinding::toFilter)
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(command(Role.PUBLISHER, "camera", "publish", "gate=testsrc").err())
                .contains("Write topic maskstream.frames", "kafka-acls.sh"));
    assertThat(command(Role.OPERATOR, "model", "rollback").err())
        .contains("Write transactional-id maskstream.models:*", "kafka-acls.sh");
    assertThat(command(Role.VIEWER, "mask", "tail", "--for", "5s").err())
        .contains("maskstream.masks", "maskstream topics acls");
  }

  @Test
  @Order(5)
  void theLinesAreThoseOfTheTable() {
    Outcome lines = Outcome.of("topics", "acls", "-b", "k:9092", "--viewer", "User:me");
    assertThat(lines.out().lines())
        .hasSize(AclTable.STANDARD.of(Role.VIEWER).size())
        .contains(
            "kafka-acls.sh --bootstrap-server k:9092 --add --allow-principal User:me --operation"
                + " Read --topic maskstream.masks");
  }

  private static void shadowACandidate() throws IOException {
    Outcome shadow =
        command(
            Role.OPERATOR,
            "model",
            "shadow",
            release("other").toString(),
            "--share",
            "100%",
            "--for",
            "0s");
    assertThat(shadow.exitCode()).as(shadow.err()).isZero();
  }

  /// Those of the role's ACLs that the broker has not been asked for.
  private static List<AclBinding> unused(Role role) {
    List<Use> uses = RecordingAuthorizer.uses();
    return bindings(role).stream()
        .filter(binding -> uses.stream().noneMatch(use -> uses(use, binding)))
        .toList();
  }

  private static boolean uses(Use use, AclBinding binding) {
    String name = binding.pattern().name();
    return use.principal().equals(binding.entry().principal())
        && use.operation() == binding.entry().operation()
        && use.type() == binding.pattern().resourceType()
        && switch (binding.pattern().patternType()) {
          case PREFIXED -> use.name().startsWith(name);
          case LITERAL, ANY, MATCH, UNKNOWN -> use.name().equals(name);
        };
  }

  private static List<AclBinding> bindings(Role role) {
    return AclTable.STANDARD.of(role).stream()
        .flatMap(acl -> acl.bindings("User:" + user(role)).stream())
        .toList();
  }

  private static String user(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static void publishFile() throws IOException {
    Path clip = folder.resolve("clip.264");
    try (var out = Files.newOutputStream(clip)) {
      for (AccessUnit unit : units(20)) {
        byte[] bytes = new byte[unit.data().remaining()];
        unit.data().duplicate().get(bytes);
        out.write(bytes);
      }
    }
    Outcome publish =
        command(Role.PUBLISHER, "camera", "publish", "--once", "--rate", "max", "gate=" + clip);
    assertThat(publish.exitCode()).as(publish.err()).isZero();
  }

  /// Pictures a minute and a half apart, and a record that is none.
  private static void publishByHand(String session) throws IOException {
    List<AccessUnit> units = units(3);
    try (var producer =
        new KafkaProducer<>(
            broker.client(user(Role.PUBLISHER)),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] key = "yard".getBytes(StandardCharsets.UTF_8);
      IntStream.range(0, units.size())
          .mapToObj(i -> at(units.get(i), session, i))
          .forEach(unit ->
              producer.send(
                  new ProducerRecord<>("maskstream.frames", key, AccessUnits.toBytes(unit))));
      producer.send(new ProducerRecord<>("maskstream.frames", key, GARBAGE));
    }
  }

  private static AccessUnit at(AccessUnit unit, String session, int turn) {
    Identity was = unit.identity();
    return new AccessUnit(
        new Identity(
            "yard",
            session,
            was.sequence(),
            was.pts(),
            was.timeBase(),
            was.captureTime().minusSeconds(300).plusSeconds(90L * turn)),
        unit.codec(),
        unit.keyframe(),
        unit.data(),
        unit.rotationDegrees(),
        unit.colorMatrix(),
        unit.colorRange(),
        unit.endOfSession());
  }

  private static List<AccessUnit> units(int count) throws IOException {
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource scene =
        CameraSource.open("yard", CameraAddress.of("testsrc:96x64@100"), SourceSettings.STANDARD)) {
      while (units.size() < count) {
        units.add(scene.next().orElseThrow());
      }
    }
    return units;
  }

  /// One answer for each picture that was published, and a dead letter for everything else.
  ///
  /// @param garbage records that are no access units
  private static void assertExact(int garbage) {
    Map<String, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    Properties viewer = broker.client(user(Role.VIEWER));
    viewer.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(viewer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (Acl acl : AclTable.STANDARD.of(Role.VIEWER)) {
        all.add(new TopicPartition(acl.name(), 0));
        records.put(acl.name(), new ArrayList<>());
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(record -> records.get(record.topic()).add(record));
            assertThat(records.get("maskstream.masks").stream())
                .extracting(record -> Mask.parse(record.value()).identity())
                .containsExactlyInAnyOrderElementsOf(pictures(records.get("maskstream.frames")));
            assertThat(records.get("maskstream.dead-letters")).hasSize(garbage);
          });
    }
  }

  private static List<Identity> pictures(List<ConsumerRecord<byte[], byte[]>> frames) {
    return frames.stream()
        .filter(record -> record.value().length > GARBAGE.length)
        .map(record ->
            AccessUnits.parse(
                new String(record.key(), StandardCharsets.UTF_8),
                record.value(),
                Integer.MAX_VALUE))
        .filter(unit -> !unit.endOfSession())
        .map(AccessUnit::identity)
        .toList();
  }

  private static Path release(String name) throws IOException {
    return Files.write(folder.resolve(name + ".onnx"), Candidates.named(name, "1").toBytes());
  }

  private static ProcessorConfig configuration(Path model) throws IOException {
    return ProcessorConfig.read(properties(model), Map.of(), Map.of());
  }

  private static Path properties(Path model) throws IOException {
    Properties all = new Properties();
    broker
        .client(user(Role.PROCESSOR))
        .forEach((name, value) ->
            all.put((name.equals("bootstrap.servers") ? "" : "kafka.") + name, value));
    all.put("model", model.toString());
    all.put("state.dir", folder.resolve("state").toString());
    all.put("model.cache.dir", folder.resolve("cache").toString());
    all.put("http.listen", "127.0.0.1:0");
    all.put("inference.provider", "cpu");
    all.put("camera.idle.ms", "200");
    all.put("window.grace.ms", "1000");
    return write(all, "maskstream");
  }

  private static Outcome command(Role role, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        List.of(
            "-b",
            broker.bootstrapServers(),
            "--command-config",
            folder.resolve(user(role) + ".properties").toString()));
    return Outcome.of(all.toArray(String[]::new));
  }

  private static void write(String user) throws IOException {
    write(broker.client(user), user);
  }

  private static Path write(Properties properties, String name) throws IOException {
    Path file = folder.resolve(name + ".properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
    return file;
  }
}
