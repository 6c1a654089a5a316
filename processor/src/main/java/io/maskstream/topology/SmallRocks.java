package io.maskstream.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

/// Stores of some kilobytes a partition do not need RocksDB's usual 66 MB each.
public final class SmallRocks implements RocksDBConfigSetter {

  private static final long BLOCK_CACHE_BYTES = 1 << 20;
  private static final long WRITE_BUFFER_BYTES = 1 << 20;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    // The cache that Streams made is closed by Streams; only its size changes.
    table.setBlockCacheSize(BLOCK_CACHE_BYTES);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(2);
  }

  @Override
  public void close(String storeName, Options options) {}
}
