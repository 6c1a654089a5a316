package io.maskstream;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Data flows one way through the packages, and each foreign library is known to one of them.
class HouseRulesTest {

  /// The flow: a package imports only those before it.
  private static final List<String> FLOW =
      List.of(
          "wire",
          "bitstream",
          "camera",
          "video",
          "release",
          "gate",
          "store",
          "inference",
          "statistics",
          "score",
          "painting",
          "shadow",
          "topology",
          "topics",
          "relabel",
          "config",
          "metrics",
          "view",
          "service",
          "doctor",
          "broker",
          "bench",
          "demo",
          "cli");

  /// Library packages, and the only packages of ours that may know them.
  private static final Map<List<String>, List<String>> ROOMS =
      Map.of(
          List.of("com.google.protobuf..", "io.maskstream.proto.v1.."), List.of("wire"),
          List.of("org.bytedeco.."), List.of("video", "camera"),
          List.of("ai.onnxruntime.."), List.of("inference"),
          List.of("io.maskstream.onnx.."), List.of("release", "gate"),
          List.of("software.amazon.."), List.of("store"),
          List.of("org.apache.kafka.streams.."), List.of("topology"),
          List.of("kafka..", "org.apache.kafka.metadata..", "org.apache.kafka.server.."),
              List.of("broker"),
          List.of("io.micrometer..", "io.prometheus.."), List.of("metrics"),
          List.of("picocli..", "me.tongfei.."), List.of("cli"),
          List.of("org.apache.kafka.clients.."),
              List.of(
                  "camera",
                  "topology",
                  "topics",
                  "relabel",
                  "config",
                  "metrics",
                  "bench",
                  "demo",
                  "cli"));

  private static final JavaClasses PROCESSOR =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(FLOW.stream().map(HouseRulesTest::ours).toList());

  @Test
  void everyPackageHasItsPlaceInTheFlow() {
    TreeSet<String> found =
        PROCESSOR.stream()
            .map(javaClass -> javaClass.getPackageName().substring("io.maskstream.".length()))
            .map(name -> name.split("\\.")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(found).isSubsetOf(FLOW);
    assertThat(FLOW).containsAll(found);
  }

  @TestFactory
  Stream<DynamicTest> dataFlowsOneWay() {
    return FLOW.stream()
        .map(name -> {
          String[] later =
              FLOW.stream()
                  .skip(FLOW.indexOf(name) + 1)
                  .map(HouseRulesTest::ours)
                  .toArray(String[]::new);
          return DynamicTest.dynamicTest(
              name + " imports nothing later in the flow",
              () ->
                  check(
                      noClasses()
                          .that()
                          .resideInAPackage(ours(name))
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(later)));
        });
  }

  @TestFactory
  Stream<DynamicTest> eachForeignLibraryIsKnownToOnePackage() {
    return ROOMS.entrySet().stream()
        .map(room -> {
          DescribedPredicate<JavaClass> elsewhere =
              not(
                  resideInAnyPackage(
                      room.getValue().stream().map(HouseRulesTest::ours).toArray(String[]::new)));
          return DynamicTest.dynamicTest(
              room.getKey() + " is known to " + room.getValue(),
              () ->
                  check(
                      noClasses()
                          .that(elsewhere)
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(room.getKey().toArray(String[]::new))));
        });
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("io.maskstream.(*)..").should().beFreeOfCycles());
  }

  @Test
  void theDecoderNeverOpensAContainerOrTheNetwork() {
    check(
        noClasses()
            .that(resideInAPackage(ours("video")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.bytedeco.ffmpeg.avformat..", "org.bytedeco.ffmpeg.avdevice..", "java.net.."));
  }

  @Test
  void namesSayWhatAThingIs() {
    check(classes().should().haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Info)"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(PROCESSOR);
  }

  private static String ours(String name) {
    return "io.maskstream." + name + "..";
  }
}
