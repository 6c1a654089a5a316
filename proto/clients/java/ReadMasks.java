import io.maskstream.proto.Masks;
import io.maskstream.proto.v1.Mask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Writes the label maps of a topic of masks as pictures: ReadMasks BROKERS TOPIC COUNT DIR
final class ReadMasks {

  public static void main(String[] args) throws Exception {
    int left = Integer.parseInt(args[2]);
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers", args[0],
            "group.id", "read-masks-java",
            "enable.auto.commit", false, // read from the start each time
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed"); // Java's own default shows aborted masks, too
    try (var consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(args[1]));
      while (left > 0) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          Mask mask = Mask.parseFrom(record.value());
          if (!mask.hasMarker() && left-- > 0) {
            byte[] labels = Masks.decode(mask); // row-major class ids, 255 = ignore
            write(mask, labels, Path.of(args[3], record.partition() + "-" + record.offset() + ".pgm"));
          }
        }
      }
    }
  }

  /// A grey picture whose grey is the class id.
  private static void write(Mask mask, byte[] labels, Path file) throws Exception {
    try (var out = Files.newOutputStream(file)) {
      out.write("P5 %d %d 255\n".formatted(mask.getWidth(), mask.getHeight()).getBytes());
      out.write(labels);
    }
    var identity = mask.getIdentity();
    System.out.println(
        String.join(
            " ", file.getFileName().toString(), identity.getCameraId(), identity.getSequence() + ""));
  }
}
