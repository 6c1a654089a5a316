package io.maskstream.topology;

import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the models topic in the global store, and hands each assignment over; that is all it does,
/// because a failure here would end the whole client. It sees every record again at each start,
/// before the first frame is answered.
final class ModelsProcessor extends ContextualProcessor<byte[], byte[], Void, Void> {

  static final String STORE = "models";

  private static final Logger LOG = LoggerFactory.getLogger(ModelsProcessor.class);

  private final ServedReleases releases;

  ModelsProcessor(ServedReleases releases) {
    this.releases = releases;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String scope = new String(record.key(), StandardCharsets.UTF_8);
    KeyValueStore<String, byte[]> store = context().getStateStore(STORE);
    if (record.value() == null) {
      store.delete(scope);
      releases.assigned(scope, null);
      return;
    }
    try {
      ModelHistory history = ModelHistory.parse(record.value());
      if (!history.scope().equals(scope)) {
        throw new WireException("its key says another scope: " + history.scope());
      }
      store.put(scope, record.value());
      releases.assigned(scope, history);
    } catch (WireException e) {
      LOG.warn("an assignment is passed over: scope={}: {}", scope, e.getMessage());
    }
  }
}
