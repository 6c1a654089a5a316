package io.maskstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.deploy.Chart.Rendered;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The chart as a cluster would take it.
class ChartTest {

  @TempDir Path folder;

  @Test
  void lintsWithItsOwnValues() {
    LintResult lint = new com.marcnuri.helm.Helm(Chart.FOLDER).lint().strict().call();
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "keda", "strimzi", "tls"})
  void lintsRendersAndHoldsNoFieldThatItsReadersDoNotKnow(String values) throws IOException {
    LintResult lint = Chart.lint(values, folder);
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();

    Rendered rendered = Chart.render(values);
    assertThat(rendered.all())
        .isNotEmpty()
        .allSatisfy(each -> {
          assertThat(each.getMetadata().getNamespace()).isEqualTo("video");
          assertThat(each.getMetadata().getLabels())
              .containsEntry("app.kubernetes.io/part-of", "maskstream")
              .containsEntry("app.kubernetes.io/instance", "ms");
        });
    assertThat(rendered.all(Deployment.class)).allSatisfy(ChartTest::asItShouldBe);
  }

  /// Bounded rights, and nothing named that is not there.
  private static void asItShouldBe(Deployment deployment) {
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getEnableServiceLinks()).isFalse();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10001);
    Container only = pod.getContainers().getFirst();
    assertThat(only.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(only.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(only.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(only.getResources().getLimits()).containsKey("memory");
    assertThat(only.getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrderElementsOf(
            pod.getVolumes().stream().map(volume -> volume.getName()).toList());
  }

  @Test
  void strictMeansThatAMisspeltFieldFails() {
    String text = Chart.render("cpu").text();
    assertThatThrownBy(() ->
            StrictYaml.read(
                text.replace("terminationGracePeriodSeconds", "terminationGraceSeconds")))
        .hasMessageContaining("terminationGraceSeconds");
    String strimzi = Chart.render("strimzi").text();
    assertThatThrownBy(() -> StrictYaml.read(strimzi.replace("patternType", "pattern")))
        .hasMessageContaining("pattern");
  }

  /// Values that a person might write, and what the message has to name.
  @ParameterizedTest
  @CsvSource({
    "kafka.bootstrapServers,'', kafka.bootstrapServers is missing",
    "processor.replica,3, replica",
    "gpu.resource,gpu, resource",
    "kafka.securityProtocol,TLS, securityProtocol",
    "kafka.properties.ssl\\.key\\.password,x, password",
    "processor.config.state\\.dir,/data, state.dir",
    "publisher.groups[0].cameras[0],gate=rtsp://me:secret@10.0.0.7/, cameras",
    "processor.model.volume,null, processor.model.volume is missing",
  })
  void refusesValuesThatCannotBeMeant(String name, String value, String said) {
    assertThatThrownBy(() ->
            new com.marcnuri.helm.Helm(Chart.FOLDER)
                .template()
                .withKubeVersion(Chart.KUBERNETES)
                .withValuesFile(Chart.values("strimzi"))
                .set(name, value)
                .call())
        .hasMessageContaining(said);
  }

  /// The file and the variables are the processor's configuration, without a word that it does not
  /// know; secrets are read from where the pod mounts them.
  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu", "keda", "strimzi", "tls"})
  void theProcessorUnderstandsItsConfiguration(String values) throws IOException {
    Rendered rendered = Chart.render(values);
    for (String secret : List.of("sasl.jaas.config", "user.password")) {
      Files.writeString(folder.resolve(secret), "from " + secret);
    }
    String text = configuration(rendered, "-processor", "maskstream.properties");
    Path file =
        Files.writeString(
            folder.resolve("maskstream.properties"),
            text.replace("directory:/etc/maskstream/kafka:", "directory:" + folder + ":"));
    ProcessorConfig config = ProcessorConfig.read(file, Map.of(), environment(processor(rendered)));

    assertThat(config.printout().warnings()).isEmpty();
    assertThat(config.model())
        .contains(
            URI.create(
                values.equals("keda")
                    ? "s3://models/city/city-8.onnx"
                    : "file:///models/release.onnx"));
    assertThat(config.stream().bootstrapServers()).isEqualTo(servers(values));
    assertThat(config.inference().provider()).hasToString(values.equals("gpu") ? "cuda" : "cpu");
    Properties client = config.kafkaClient();
    switch (values) {
      case "strimzi" ->
          assertThat(client)
              .containsEntry("security.protocol", "SASL_SSL")
              .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
              .containsEntry("sasl.jaas.config", "from sasl.jaas.config")
              .containsEntry("ssl.truststore.location", "/etc/maskstream/ca/ca.crt");
      case "tls" ->
          assertThat(client)
              .containsEntry("security.protocol", "SSL")
              .containsEntry("ssl.keystore.password", "from user.password");
      default -> assertThat(client).containsOnlyKeys("bootstrap.servers");
    }
    assertThat(client.keySet()).isSubsetOf(ProducerConfig.configNames());
  }

  /// Publisher and viewer take Kafka's own properties.
  @ParameterizedTest
  @ValueSource(strings = {"strimzi", "tls"})
  void theClientsOfTheOthersUnderstandTheirs(String values) throws IOException {
    for (String role : List.of("-publisher", "-viewer")) {
      Properties client = new Properties();
      client.load(new StringReader(configuration(Chart.render(values), role, "client.properties")));
      assertThat(client).containsKey("security.protocol");
      client.keySet().removeIf(key -> key.toString().startsWith("config.providers."));
      assertThat(client.keySet()).isSubsetOf(ProducerConfig.configNames());
    }
  }

  @Test
  void aGpuIsAskedForAndNoPodWaitsForOneThatIsTaken() {
    Deployment deployment = processor(Chart.render("gpu"));
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    assertThat(deployment.getSpec().getStrategy().getRollingUpdate().getMaxSurge().getIntVal())
        .isZero();
    assertThat(pod.getRuntimeClassName()).isEqualTo("nvidia");
    assertThat(pod.getNodeSelector())
        .containsOnlyKeys("kubernetes.io/arch", "nvidia.com/gpu.product");
    assertThat(pod.getTolerations())
        .extracting(toleration -> toleration.getKey() + ":" + toleration.getEffect())
        .containsExactly("nvidia.com/gpu:NoSchedule");
    assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(60);
    Container only = pod.getContainers().getFirst();
    assertThat(only.getImage()).isEqualTo("maskstream/processor:0.1.0-cuda");
    assertThat(only.getResources().getLimits())
        .containsEntry("nvidia.com/mig-1g.10gb", new Quantity("1"));
    assertThat(environment(deployment))
        .containsEntry("NVIDIA_DRIVER_CAPABILITIES", "compute,video,utility");
    assertThat(processor(Chart.render("cpu")).getSpec().getTemplate().getSpec().getTolerations())
        .isEmpty();
  }

  @Test
  void kedaCountsWhatWaits() {
    Rendered rendered = Chart.render("keda");
    assertThat(processor(rendered).getSpec().getReplicas()).isNull();
    GenericKubernetesResource scaled = rendered.one(GenericKubernetesResource.class, "-processor");
    Map<String, Object> spec = map(scaled.getAdditionalProperties().get("spec"));
    assertThat(spec)
        .containsOnlyKeys(
            "scaleTargetRef",
            "minReplicaCount",
            "maxReplicaCount",
            "cooldownPeriod",
            "advanced",
            "triggers")
        .containsEntry("minReplicaCount", 1)
        .containsEntry("cooldownPeriod", 600)
        .containsEntry(
            "scaleTargetRef", Map.of("name", processor(rendered).getMetadata().getName()));
    List<?> triggers = (List<?>) spec.get("triggers");
    assertThat(map(map(triggers.getFirst()).get("metadata")))
        .isEqualTo(
            Map.of(
                "bootstrapServers", "kafka:9092",
                "consumerGroup", "maskstream",
                "topic", "maskstream.frames",
                "lagThreshold", "150",
                "ensureEvenDistributionOfPartitions", "true",
                "version", "3.6.0"));
    assertThat(map(map(triggers.getLast()).get("metadata")))
        .containsOnlyKeys("serverAddress", "query", "threshold");
  }

  @Test
  void whatWatchesAndGuardsFindsThePodsOfItsRole() {
    Rendered rendered = Chart.render("tls");
    for (String role : List.of("processor", "viewer", "publisher")) {
      Map<String, String> labels =
          rendered.all(Deployment.class).stream()
              .filter(each -> each.getMetadata().getName().contains(role))
              .findFirst()
              .orElseThrow()
              .getSpec()
              .getTemplate()
              .getMetadata()
              .getLabels();
      NetworkPolicy policy = rendered.one(NetworkPolicy.class, "-" + role);
      assertThat(labels).containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
      assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
      if (!role.equals("publisher")) {
        Service service = rendered.one(Service.class, "-" + role);
        assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
        assertThat(service.getMetadata().getLabels())
            .containsAllEntriesOf(
                rendered
                    .one(ServiceMonitor.class, "-" + role)
                    .getSpec()
                    .getSelector()
                    .getMatchLabels());
      }
    }
    PodDisruptionBudget budget = rendered.one(PodDisruptionBudget.class, "-processor");
    assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
  }

  @Test
  void noCameraOfASecretIsAmongTheArguments() {
    List<String> arguments =
        Chart.render("strimzi")
            .one(Deployment.class, "-publisher-roof")
            .getSpec()
            .getTemplate()
            .getSpec()
            .getContainers()
            .getFirst()
            .getArgs();
    assertThat(arguments)
        .startsWith("camera", "publish")
        .endsWith("@/etc/maskstream/cameras/cameras.txt");
  }

  private static String servers(String values) {
    return switch (values) {
      case "strimzi" -> "kafka-kafka-bootstrap:9093";
      case "tls" -> "a.kafka:9094,b.kafka:9094";
      default -> "kafka:9092";
    };
  }

  private static String configuration(Rendered rendered, String role, String file) {
    return rendered.one(ConfigMap.class, role).getData().get(file);
  }

  private static Deployment processor(Rendered rendered) {
    return rendered.one(Deployment.class, "-processor");
  }

  private static Map<String, String> environment(Deployment deployment) {
    Map<String, String> environment = new HashMap<>();
    for (EnvVar variable :
        deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv()) {
      environment.put(variable.getName(), variable.getValue());
    }
    return environment;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
