package io.maskstream.wire;

import static io.maskstream.wire.CommonMessages.instant;
import static io.maskstream.wire.CommonMessages.message;
import static io.maskstream.wire.CommonMessages.signed;

import io.maskstream.wire.ShadowReport.ClassAgreement;
import io.maskstream.wire.ShadowReport.Figures;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// [ShadowReport] and its message.
final class ShadowMessages {

  private ShadowMessages() {}

  static ShadowReport parse(byte @Nullable [] value) {
    return CommonMessages.read(
        "a shadow report",
        value,
        io.maskstream.proto.v1.ShadowReport.parser(),
        message ->
            new ShadowReport(
                message.getInstanceId(),
                message.getScope(),
                signed("number", message.getNumber()),
                CommonMessages.release(message.getCandidate()),
                instant("reported_at", message.getReportedAt()),
                new Figures(
                    signed("compared_frame_count", message.getComparedFrameCount()),
                    signed("failed_frame_count", message.getFailedFrameCount()),
                    signed("not_a_number_frame_count", message.getNotANumberFrameCount()),
                    signed("failed_batch_count", message.getFailedBatchCount()),
                    signed("constant_frame_count", message.getConstantFrameCount()),
                    micros("inference_micros", message.getInferenceMicros())),
                new Figures(
                    signed("compared_frame_count", message.getComparedFrameCount()),
                    0,
                    0,
                    0,
                    signed("serving_constant_frame_count", message.getServingConstantFrameCount()),
                    micros("serving_inference_micros", message.getServingInferenceMicros())),
                signed("skipped_frame_count", message.getSkippedFrameCount()),
                message.getClassesList().stream().map(ShadowMessages::agreement).toList(),
                message.getRejection()));
  }

  private static Duration micros(String field, long micros) {
    return Duration.of(signed(field, micros), ChronoUnit.MICROS);
  }

  private static ClassAgreement agreement(io.maskstream.proto.v1.ClassAgreement message) {
    return new ClassAgreement(
        message.getClassName(),
        signed("both_pixel_count", message.getBothPixelCount()),
        signed("candidate_pixel_count", message.getCandidatePixelCount()),
        signed("serving_pixel_count", message.getServingPixelCount()));
  }

  static io.maskstream.proto.v1.ShadowReport toMessage(ShadowReport report) {
    Figures candidate = report.candidate();
    return io.maskstream.proto.v1.ShadowReport.newBuilder()
        .setInstanceId(report.instanceId())
        .setScope(report.scope())
        .setNumber(report.number())
        .setCandidate(message(report.release()))
        .setReportedAt(message(report.reportedAt()))
        .setComparedFrameCount(candidate.answered())
        .setSkippedFrameCount(report.skipped())
        .setFailedFrameCount(candidate.failed())
        .setNotANumberFrameCount(candidate.notANumber())
        .setFailedBatchCount(candidate.failedBatches())
        .setConstantFrameCount(candidate.constant())
        .setServingConstantFrameCount(report.serving().constant())
        .setInferenceMicros(candidate.inference().toNanos() / 1000)
        .setServingInferenceMicros(report.serving().inference().toNanos() / 1000)
        .addAllClasses(report.classes().stream().map(ShadowMessages::toMessage).toList())
        .setRejection(report.rejection())
        .build();
  }

  private static io.maskstream.proto.v1.ClassAgreement toMessage(ClassAgreement agreement) {
    return io.maskstream.proto.v1.ClassAgreement.newBuilder()
        .setClassName(agreement.name())
        .setBothPixelCount(agreement.both())
        .setCandidatePixelCount(agreement.candidate())
        .setServingPixelCount(agreement.serving())
        .build();
  }
}
