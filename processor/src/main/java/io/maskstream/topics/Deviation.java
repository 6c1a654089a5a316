package io.maskstream.topics;

/// One way in which a cluster differs from the table.
public sealed interface Deviation {

  String topic();

  /// What differs, in one line.
  String what();

  /// What to do about it, in one line.
  String remedy();

  /// The topic is not there.
  record Missing(TopicSpec wanted) implements Deviation {

    @Override
    public String topic() {
      return wanted.name();
    }

    @Override
    public String what() {
      return "is missing; wanted with " + wanted.partitions() + " partitions";
    }

    @Override
    public String remedy() {
      return "maskstream topics apply";
    }
  }

  /// A configuration has another value.
  ///
  /// @param actual as the brokers say
  record Config(String topic, String name, String wanted, String actual) implements Deviation {

    @Override
    public String what() {
      return name + "=" + actual + ", wanted " + wanted;
    }

    @Override
    public String remedy() {
      return "maskstream topics apply";
    }
  }

  /// The number of partitions is another. More partitions would move cameras away from their state,
  /// and Kafka has no way to fewer.
  record Partitions(String topic, int wanted, int actual) implements Deviation {

    @Override
    public String what() {
      return "has " + actual + " partitions, wanted " + wanted;
    }

    @Override
    public String remedy() {
      return "apply with --partitions "
          + actual
          + ", or delete the topic and apply again (its records are lost)";
    }
  }

  /// Frames and masks have different numbers of partitions, so a mask does not lie in the partition
  /// of its frame.
  record NotCopartitioned(String topic, int partitions, String frames, int framePartitions)
      implements Deviation {

    @Override
    public String what() {
      return "has "
          + partitions
          + " partitions, but "
          + frames
          + " has "
          + framePartitions
          + "; masks must lie in the partition of their frames";
    }

    @Override
    public String remedy() {
      return "delete " + topic + " and apply with --partitions " + framePartitions;
    }
  }

  /// Fewer or more replicas than wanted.
  record Replication(String topic, int wanted, int actual) implements Deviation {

    @Override
    public String what() {
      return "has " + actual + " replicas, wanted " + wanted;
    }

    @Override
    public String remedy() {
      return "move it with kafka-reassign-partitions.sh, or ask for --replication-factor " + actual;
    }
  }
}
