package io.maskstream.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.Proof;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Verdict;
import io.maskstream.release.ReleaseFile;
import io.maskstream.store.Candidate;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Twenty ways in which a candidate can be bad, each refused for what is wrong with it, by the
/// store, the gate or the proof, in time, and without harm to whoever asked.
class BadCandidatesTest {

  private static final Duration IN_TIME = Duration.ofSeconds(15);
  private static final long HARM_BYTES = 50L << 20;

  /// Short, for the loop: all others end by themselves.
  private static final ProofLimits LIMITS =
      ProofLimits.STANDARD.withMemory(1L << 30).withDeadline(Duration.ofSeconds(13));

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> isRefused() {
    return Stream.of(
        bad("1 an empty file", Reason.EMPTY, () -> new byte[0]),
        bad("2 random bytes", Reason.NOT_ONNX, BadCandidatesTest::noise),
        bad("3 cut off in the middle", Reason.NOT_ONNX, () -> half(Candidates.good())),
        stored("4 another digest", Reason.DIGEST, Candidate::ofAnotherDigest),
        stored("5 a bad signature", Reason.SIGNATURE, Candidate::ofABadSignature),
        bad(
            "6 external data, absolute",
            Reason.EXTERNAL_DATA,
            () -> Candidates.externalWeights("/etc/passwd")),
        bad(
            "7 external data above",
            Reason.EXTERNAL_DATA,
            () -> Candidates.externalWeights("../../etc/passwd")),
        bad(
            "8 external data in the working directory",
            Reason.EXTERNAL_DATA,
            () -> Candidates.externalWeights("etc/passwd")),
        bad("9 a hard link beside it", Reason.EXTERNAL_DATA, this::hardLink),
        bad("10 a sparse one outside", Reason.EXTERNAL_DATA, Candidates::sparseExternal),
        bad(
            "11 a value of 40 GB",
            Reason.INTERMEDIATE_BYTES,
            () -> Candidates.constantOfShape(100_000)),
        bad("11b hidden behind pixels", Reason.MEMORY, Candidates::hiddenConstantOfShape),
        bad("12 an endless loop", Reason.CONTROL_FLOW, Candidates::loop),
        loopThatIsAllowed(),
        bad("13 an initializer of 2 GiB", Reason.TENSOR, Candidates::hugeInitializer),
        fileOfTwoGibibytes(),
        bad("14 an unknown domain", Reason.DOMAIN, () -> Candidates.domain("evil.ops")),
        bad("15 two inputs", Reason.INPUT, Candidates::twoInputs),
        bad("15b a wrong rank", Reason.INPUT, Candidates::wrongRank),
        bad("16 a wrong class count", Reason.CLASSES, Candidates::wrongClassCount),
        bad("16b classes without a name", Reason.CLASSES, Candidates::classesBeyondTheNames),
        bad("17 half the size", Reason.OUTPUT_SIZE, () -> Candidates.halfTheSize(64, 48)),
        bad("17b half of any size", Reason.OUTPUT_SIZE, Candidates::halfTheSize),
        bad("17c a size by content", Reason.OUTPUT_SIZE, Candidates::sizeByContent),
        bad("18 NaN among the weights", Reason.NOT_A_NUMBER, Candidates::notANumberWeight),
        bad("18b NaN as it computes", Reason.NOT_A_NUMBER, Candidates::computedNotANumber),
        bad("19 operator set 999", Reason.OPSET, () -> Candidates.opset(999)),
        bad("19b IR version 99", Reason.IR_VERSION, () -> Candidates.irVersion(99)),
        tenTimesSlower());
  }

  @Test
  void provesAnHonestCandidate() throws InterruptedException {
    ReleaseFile release = new Gate(GateLimits.STANDARD).check(Candidates.good(), "tiny");
    Verdict verdict = new Proof(LIMITS).prove(release);
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Proven.class,
            proven -> {
              assertThat(proven.batchMax()).isEqualTo(4);
              assertThat(proven.frames()).isEqualTo(2);
              assertThat(proven.frameTime()).isLessThan(Duration.ofSeconds(1));
              assertThat(proven.memoryBytes()).isBetween(1L << 20, 1L << 30);
            });
  }

  private interface Bytes {

    byte[] get() throws IOException;
  }

  private interface Fetch {

    void from(Path folder) throws IOException;
  }

  private static DynamicTest bad(String name, Reason reason, Bytes candidate) {
    return test(name, reason, () -> verdict(candidate.get(), GateLimits.STANDARD, LIMITS));
  }

  private DynamicTest stored(String name, Reason reason, Fetch fetch) {
    return test(
        name,
        reason,
        () -> {
          fetch.from(folder);
          return new Verdict.Refused(Reason.RUN, "it was taken");
        });
  }

  private static DynamicTest loopThatIsAllowed() {
    return test(
        "12b an endless loop, loops allowed",
        Reason.DEADLINE,
        () ->
            verdict(
                Candidates.loop(),
                GateLimits.STANDARD.withControlFlow(true),
                LIMITS.withDeadline(Duration.ofSeconds(8))));
  }

  private DynamicTest fileOfTwoGibibytes() {
    return test(
        "13b a file of 2 GiB",
        Reason.FILE_SIZE,
        () -> {
          Path sparse = folder.resolve("sparse.onnx");
          try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(2L << 30);
          }
          Candidate.push(sparse, folder.resolve("store"));
          return new Verdict.Refused(Reason.RUN, "it was pushed");
        });
  }

  private static DynamicTest tenTimesSlower() {
    return test(
        "20 ten times slower than its budget",
        Reason.BUDGET,
        () -> {
          Gate gate = new Gate(GateLimits.STANDARD);
          Verdict honest = new Proof(LIMITS).prove(gate.check(Candidates.good(), "tiny"));
          Duration budget = ((Verdict.Proven) honest).frameTime().multipliedBy(2);
          assertThat(
                  new Proof(LIMITS.withBudget(budget.multipliedBy(5)))
                      .prove(gate.check(Candidates.good(), "tiny")))
              .isInstanceOf(Verdict.Proven.class);
          return verdict(Candidates.slow(), GateLimits.STANDARD, LIMITS.withBudget(budget));
        });
  }

  private interface Asked {

    Verdict verdict() throws IOException, InterruptedException;
  }

  private static DynamicTest test(String name, Reason reason, Asked asked) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          System.gc();
          long before = residentBytes();
          long start = System.nanoTime();
          Verdict verdict;
          try {
            verdict = asked.verdict();
          } catch (RefusedException e) {
            verdict = new Verdict.Refused(e.reason(), e.sentence());
          }
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          System.gc();
          assertThat(verdict)
              .isInstanceOfSatisfying(
                  Verdict.Refused.class,
                  refused -> {
                    assertThat(refused.reason()).as(refused.sentence()).isEqualTo(reason);
                    assertThat(refused.sentence()).contains(";").doesNotContain("\n");
                  });
          // The last one is three proofs.
          assertThat(took).isLessThan(reason == Reason.BUDGET ? IN_TIME.multipliedBy(3) : IN_TIME);
          assertThat(residentBytes() - before).isLessThan(HARM_BYTES);
        });
  }

  private static Verdict verdict(byte[] candidate, GateLimits limits, ProofLimits proof)
      throws InterruptedException {
    return new Proof(proof).prove(new Gate(limits).check(candidate, "the candidate"));
  }

  private static byte[] noise() {
    byte[] bytes = new byte[4096];
    new Random(2).nextBytes(bytes);
    return bytes;
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private byte[] hardLink() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[48]);
    Files.createLink(folder.resolve("weights.bin"), secret);
    Path candidate =
        Files.write(folder.resolve("linked.onnx"), Candidates.externalWeights("weights.bin"));
    return Files.readAllBytes(candidate);
  }

  /// Of this process; zero where there is no /proc.
  private static long residentBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
          .sum();
    }
  }
}
