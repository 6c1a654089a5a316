package io.maskstream.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real browser without a window, driven by the Chrome DevTools protocol over a WebSocket.
final class Chromium implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LISTENS = "DevTools listening on ";

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Chromium(Process process, URI browser) throws Exception {
    this.process = process;
    URI list = URI.create("http://" + browser.getAuthority() + "/json/list");
    JsonNode pages =
        JSON.readTree(
            http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body());
    URI page = URI.create(pages.get(0).get("webSocketDebuggerUrl").asText());
    socket = http.newWebSocketBuilder().buildAsync(page, new Listener()).get(20, TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Log", "Performance")) {
      ask(domain + ".enable", JSON.createObjectNode());
    }
  }

  /// The browser's program; empty where none is installed.
  static Optional<Path> find() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder ->
            Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
                .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// @param folder for the profile
  static Chromium start(Path program, Path folder) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // containers of CI have no user namespaces
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "--window-size=1366,860",
                "about:blank")
            .redirectErrorStream(true)
            .start();
    BufferedReader says = process.inputReader(StandardCharsets.UTF_8);
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      if (line.startsWith(LISTENS)) {
        Thread.ofVirtual().start(() -> says.lines().forEach(_ -> {}));
        return new Chromium(process, URI.create(line.substring(LISTENS.length())));
      }
    }
    throw new IOException("the browser ended before it listened: " + program);
  }

  void open(String address) throws Exception {
    ask("Page.navigate", JSON.createObjectNode().put("url", address));
  }

  /// Runs a script, waits for its promise, and takes what it returns.
  JsonNode run(String script) throws Exception {
    JsonNode answer =
        ask(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", "(async () => {" + script + "})()")
                .put("awaitPromise", true)
                .put("returnByValue", true)
                .put("userGesture", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(answer.get("exceptionDetails").toPrettyString());
    }
    return answer.path("result").path("value");
  }

  void press(String key) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode event = JSON.createObjectNode().put("type", type).put("key", key);
      if (key.length() == 1 && type.equals("keyDown")) {
        event.put("text", key);
      }
      ask("Input.dispatchKeyEvent", event);
    }
  }

  void move(int x, int y) throws Exception {
    ask(
        "Input.dispatchMouseEvent",
        JSON.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y));
  }

  byte[] screenshot() throws Exception {
    JsonNode answer = ask("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
    return Base64.getDecoder().decode(answer.get("data").asText());
  }

  /// What the page holds after a collection of garbage: JSHeapUsedSize, Nodes and more.
  double metric(String name) throws Exception {
    ask("HeapProfiler.collectGarbage", JSON.createObjectNode());
    for (JsonNode metric : ask("Performance.getMetrics", JSON.createObjectNode()).get("metrics")) {
      if (metric.get("name").asText().equals(name)) {
        return metric.get("value").asDouble();
      }
    }
    throw new AssertionError("no metric " + name);
  }

  /// Resident bytes of all processes of the browser, from /proc.
  long residentBytes() throws IOException {
    long pages = 0;
    for (ProcessHandle each :
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()) {
      Path statm = Path.of("/proc", Long.toString(each.pid()), "statm");
      pages += Files.exists(statm) ? Long.parseLong(Files.readString(statm).split(" ")[1]) : 0;
    }
    return pages * 4096;
  }

  /// What went wrong in the page: errors on the console, exceptions, refused loads.
  List<String> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void close() throws InterruptedException {
    socket.abort();
    http.shutdownNow();
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private JsonNode ask(String method, ObjectNode parameters) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    socket.sendText(JSON.writeValueAsString(message), true).get(10, TimeUnit.SECONDS);
    JsonNode said = answer.get(60, TimeUnit.SECONDS);
    if (said.has("error")) {
      throw new AssertionError(method + ": " + said.get("error"));
    }
    return said.get("result");
  }

  private void take(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = asked.remove(message.get("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    JsonNode event = message.path("params");
    boolean error =
        switch (message.path("method").asText()) {
          case "Runtime.exceptionThrown" -> true;
          case "Runtime.consoleAPICalled" -> event.path("type").asText().equals("error");
          case "Log.entryAdded" -> event.path("entry").path("level").asText().equals("error");
          default -> false;
        };
    if (error) {
      errors.add(message.toString());
    }
  }

  private final class Listener implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          take(JSON.readTree(text.toString()));
        } catch (IOException e) {
          errors.add("unreadable: " + text);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
