package io.maskstream.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// A broker with TLS, users with passwords, and an authorizer that allows nobody anything but its
/// administrator; and what its clients need to know.
public final class SecuredBroker implements AutoCloseable {

  public static final String ADMIN = "admin";

  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";
  private static final String PASSWORD = "open-sesame";

  private final EmbeddedBroker broker;
  private final Path keys;

  private SecuredBroker(EmbeddedBroker broker, Path keys) {
    this.broker = broker;
    this.keys = keys;
  }

  public static SecuredBroker start(Path folder, List<String> users) throws Exception {
    Path keys = folder.resolve("keys.p12");
    makeKeys(keys);
    StringBuilder login = new StringBuilder(login(ADMIN)).append(" user_admin=").append(quoted());
    users.forEach(user -> login.append(" user_").append(user).append('=').append(quoted()));
    Map<String, String> secured = new HashMap<>(stores(keys));
    secured.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT");
    secured.put("sasl.enabled.mechanisms", "PLAIN");
    secured.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    secured.put("listener.name.client.plain.sasl.jaas.config", login + ";");
    secured.put("ssl.keystore.location", keys.toString());
    secured.put("ssl.keystore.password", PASSWORD);
    secured.put("authorizer.class.name", RecordingAuthorizer.class.getName());
    // Nobody but the broker itself reaches the controller's listener.
    secured.put("super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    return new SecuredBroker(EmbeddedBroker.start(folder.resolve("log"), 0, secured), keys);
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// Properties of this user's clients.
  public Properties client(String user) {
    Properties client = new Properties();
    client.putAll(stores(keys));
    client.put("bootstrap.servers", broker.bootstrapServers());
    client.put("security.protocol", "SASL_SSL");
    client.put("sasl.mechanism", "PLAIN");
    client.put("sasl.jaas.config", login(user) + ";");
    return client;
  }

  @Override
  public void close() {
    broker.close();
  }

  private static Map<String, String> stores(Path keys) {
    return Map.of("ssl.truststore.location", keys.toString(), "ssl.truststore.password", PASSWORD);
  }

  private static String login(String user) {
    return LOGIN + " username=\"" + user + "\" password=" + quoted();
  }

  private static String quoted() {
    return "\"" + PASSWORD + "\"";
  }

  /// A key of the broker's own, which clients trust.
  private static void makeKeys(Path file) throws IOException, InterruptedException {
    String words =
        "-genkeypair -keyalg EC -alias broker -dname CN=broker -ext san=ip:127.0.0.1 -validity 2"
            + " -storetype PKCS12 -storepass "
            + PASSWORD;
    ProcessBuilder keytool =
        new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    keytool.command().addAll(List.of(words.split(" ")));
    keytool.command().addAll(List.of("-keystore", file.toString()));
    Process running = keytool.redirectErrorStream(true).start();
    String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (running.waitFor() != 0) {
      throw new IllegalStateException("keytool fails: " + said);
    }
  }
}
