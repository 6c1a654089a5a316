package io.maskstream.topics;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.maskstream.topology.SegmentationStream;
import io.maskstream.topology.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/// What each program must be allowed to do on brokers that have an authorizer, and no more. Whoever
/// may read or write a topic may also look at it.
///
/// @param applicationId of the processors
public record AclTable(Topics stream, ControlTopics control, String applicationId) {

  /// The table with the usual names.
  public static final AclTable STANDARD =
      new AclTable(Topics.STANDARD, ControlTopics.STANDARD, "maskstream");

  /// Who it is granted to; each has a user of its own.
  public enum Role {
    /// `maskstream run`.
    PROCESSOR,
    /// `maskstream camera publish`.
    PUBLISHER,
    /// `maskstream view`, `watch`, `mask`; reads, and joins no group.
    VIEWER,
    /// `maskstream model use`, `rollback`, `shadow`, `promote`, `status`.
    OPERATOR
  }

  public List<Acl> of(Role role) {
    return switch (role) {
      case PROCESSOR -> processor();
      case PUBLISHER ->
          List.of(
              Acl.topic(stream.frames(), "access units", WRITE),
              Acl.topic(control.cameras(), "what becomes of the cameras", WRITE));
      case VIEWER ->
          List.of(
              Acl.topic(stream.frames(), "the pictures", READ),
              Acl.topic(stream.masks(), "their masks", READ),
              Acl.topic(stream.statistics(), "their statistics", READ),
              Acl.topic(stream.windowStatistics(), "statistics of each minute", READ),
              Acl.topic(stream.deadLetters(), "what could not be read", READ),
              Acl.topic(control.cameras(), "which cameras there are", READ),
              Acl.topic(control.shadowMasks(), "masks of candidates", READ));
      case OPERATOR -> assigning(READ);
    };
  }

  private List<Acl> processor() {
    List<Acl> all = new ArrayList<>();
    all.add(Acl.topic(stream.frames(), "access units", READ));
    all.add(
        Acl.topic(stream.masks(), "answers, and how large they may be", WRITE, DESCRIBE_CONFIGS));
    all.add(Acl.topic(stream.statistics(), "statistics of each answer", WRITE));
    all.add(Acl.topic(stream.windowStatistics(), "statistics of each minute", WRITE));
    all.add(Acl.topic(stream.deadLetters(), "what could not be read", WRITE));
    SegmentationStream.changelogs(applicationId)
        .forEach(name -> all.add(Acl.topic(name, "its own state", CREATE, READ, WRITE)));
    all.add(Acl.group(applicationId, "the share of the cameras"));
    all.add(Acl.transactions(applicationId + "-", "exactly once"));
    // It assigns too, when it rolls back a release that has gone bad.
    all.addAll(assigning(READ, WRITE));
    all.add(Acl.topic(control.shadowMasks(), "masks of candidates", WRITE));
    return all;
  }

  /// @param reports what may be done with what the processors say
  private List<Acl> assigning(AclOperation... reports) {
    return List.of(
        Acl.topic(control.models(), "assigned releases", READ, WRITE),
        Acl.transactions(control.models() + ":", "one writer at a time"),
        Acl.topic(control.modelStatus(), "what is loaded", reports),
        Acl.topic(control.shadow(), "what candidates do", reports));
  }
}
