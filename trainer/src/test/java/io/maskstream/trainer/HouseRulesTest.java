package io.maskstream.trainer;

import static com.tngtech.archunit.base.DescribedPredicate.not;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// A graph flows one way through the packages: imported, operated on, trained, released; and each
/// foreign library is known to few of them.
class HouseRulesTest {

  /// The flow: a package imports only those before it.
  private static final List<String> FLOW =
      List.of(
          "graph",
          "surgery",
          "net",
          "autograd",
          "data",
          "score",
          "solver",
          "export",
          "bench",
          "cli");

  /// Library packages, and the only packages of ours that may know them.
  private static final Map<List<String>, List<String>> ROOMS =
      Map.of(
          List.of("org.bytedeco.."), List.of("autograd", "solver"),
          List.of("picocli..", "me.tongfei.."), List.of("cli"),
          List.of("com.google.protobuf..", "io.maskstream.onnx.proto.."), List.of(),
          List.of("us.hebi.matlab..", "com.fasterxml.jackson.."), List.of("data"),
          List.of("ai.onnxruntime.."), List.of(),
          List.of("org.apache.kafka.."), List.of());

  private static final JavaClasses TRAINER =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.maskstream.trainer..");

  @Test
  void everyPackageHasItsPlaceInTheFlow() {
    Set<String> found =
        TRAINER.stream()
            .map(javaClass ->
                javaClass.getPackageName().substring("io.maskstream.trainer.".length()))
            .map(name -> name.split("\\.")[0])
            .collect(Collectors.toSet());
    assertThat(FLOW).containsAll(found);
  }

  @TestFactory
  Stream<DynamicTest> graphsFlowOneWay() {
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
  Stream<DynamicTest> eachForeignLibraryIsKnownToFewPackages() {
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
    check(slices().matching("io.maskstream.trainer.(*)..").should().beFreeOfCycles());
  }

  @Test
  void namesSayWhatAThingIs() {
    check(classes().should().haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl|Info)"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(TRAINER);
  }

  private static String ours(String name) {
    return "io.maskstream.trainer." + name + "..";
  }
}
