package io.maskstream.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.UnknownFieldSet;
import io.maskstream.proto.v1.AccessUnit;
import io.maskstream.proto.v1.CameraStatus;
import io.maskstream.proto.v1.Codec;
import io.maskstream.proto.v1.DeadLetter;
import io.maskstream.proto.v1.FrameStatistics;
import io.maskstream.proto.v1.LabelCandidate;
import io.maskstream.proto.v1.Mask;
import io.maskstream.proto.v1.WindowStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Records that lie on topics for months must stay readable: each golden message was coded from its
/// text by protoc, and is never coded again.
class GoldenMessagesTest {

  private static final Map<String, Message> GOLDEN =
      Map.of(
          "access_unit", AccessUnit.getDefaultInstance(),
          "end_of_session", AccessUnit.getDefaultInstance(),
          "mask", Mask.getDefaultInstance(),
          "mask_png", Mask.getDefaultInstance(),
          "mask_marker", Mask.getDefaultInstance(),
          "frame_statistics", FrameStatistics.getDefaultInstance(),
          "window_statistics", WindowStatistics.getDefaultInstance(),
          "dead_letter", DeadLetter.getDefaultInstance(),
          "camera_status", CameraStatus.getDefaultInstance(),
          "label_candidate", LabelCandidate.getDefaultInstance());

  @TestFactory
  Stream<DynamicTest> aGoldenMessageReadsAsItsText() {
    return GOLDEN.entrySet().stream()
        .map(golden ->
            DynamicTest.dynamicTest(
                golden.getKey(),
                () -> {
                  byte[] bytes = resource(golden.getKey() + ".binpb");
                  Message read = golden.getValue().getParserForType().parseFrom(bytes);
                  Message.Builder text = golden.getValue().newBuilderForType();
                  TextFormat.merge(
                      new String(resource(golden.getKey() + ".txtpb"), StandardCharsets.UTF_8),
                      text);
                  assertThat(read).isEqualTo(text.build());
                  assertThat(read.toByteArray()).isEqualTo(bytes);
                }));
  }

  @Test
  void theGoldenMaskHasItsPixels() throws IOException {
    assertThat(Masks.decode(Mask.parseFrom(resource("mask.binpb"))))
        .containsExactly(0, 0, 0, 11, 11, 11, 11, 0, 0, 0, 0, 255);
  }

  @Test
  void fieldsAndEnumValuesOfTheFutureSurvive() throws InvalidProtocolBufferException {
    UnknownFieldSet future =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(-1).addFixed32(5).build())
            .build();
    byte[] newer =
        AccessUnit.newBuilder()
            .setCodecValue(77)
            .setRotationDegrees(90)
            .setUnknownFields(future)
            .build()
            .toByteArray();
    AccessUnit read = AccessUnit.parseFrom(newer);
    assertThat(read.getCodec()).isEqualTo(Codec.UNRECOGNIZED);
    assertThat(read.getCodecValue()).isEqualTo(77);
    assertThat(read.getRotationDegrees()).isEqualTo(90);
    assertThat(read.getUnknownFields()).isEqualTo(future);
    assertThat(read.toByteArray()).isEqualTo(newer);
  }

  @Test
  void theDescriptorSetHoldsTheTopicsAndTheirImportsAlone() throws IOException {
    byte[] descriptors =
        Files.readAllBytes(
            Path.of(System.getProperty("maskstream.root"), "proto/target/maskstream.binpb"));
    assertThat(FileDescriptorSet.parseFrom(descriptors).getFileList())
        .extracting(FileDescriptorProto::getName)
        .containsExactlyInAnyOrder(
            "google/protobuf/timestamp.proto",
            "maskstream/v1/access_unit.proto",
            "maskstream/v1/control.proto",
            "maskstream/v1/dead_letter.proto",
            "maskstream/v1/label_candidate.proto",
            "maskstream/v1/mask.proto",
            "maskstream/v1/statistics.proto");
  }

  static byte[] resource(String name) throws IOException {
    try (var in = GoldenMessagesTest.class.getResourceAsStream("/golden/" + name)) {
      if (in == null) {
        throw new IOException("no such golden message: " + name);
      }
      return in.readAllBytes();
    }
  }
}
