package dev.modelweir.server.page;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One tab of a headless Chromium, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {
  static final String NONE =
      "no Chromium on the PATH: apt-get install chromium, or name one in MODELWEIR_CHROMIUM";

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
  private final WebSocket tab;

  /** Where Chromium is, if there is one. */
  static Optional<Path> installed() {
    Stream<Path> onPath =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .flatMap(folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)));
    Stream<Path> named = Stream.ofNullable(System.getenv("MODELWEIR_CHROMIUM")).map(Path::of);
    return Stream.concat(named, onPath).filter(Files::isExecutable).findFirst();
  }

  Chromium(Path executable, Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                executable.toString(),
                "--headless=new",
                "--no-sandbox", // root in a container has no other choice
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0",
                "--window-size=1100,900",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    HttpRequest open =
        HttpRequest.newBuilder(URI.create("http://" + address(profile) + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    JsonObject target = new JsonObject(http.send(open, BodyHandlers.ofString()).body());
    tab =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(target.getString("webSocketDebuggerUrl")), new Listener())
            .join();
    call("Page.enable", new JsonObject());
  }

  /** Where Chromium says, in its profile, that it listens. */
  private static String address(Path profile) {
    Path file = profile.resolve("DevToolsActivePort");
    List<String> lines =
        await()
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> Files.exists(file) ? Files.readAllLines(file) : List.of(),
                said -> said.size() >= 2);
    return "localhost:" + lines.getFirst();
  }

  void open(String url) {
    call("Page.navigate", new JsonObject().put("url", url));
  }

  /** The value of a JavaScript expression in the page. */
  Object evaluate(String expression) {
    JsonObject answer =
        call(
            "Runtime.evaluate",
            new JsonObject().put("expression", expression).put("returnByValue", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(answer.getJsonObject("exceptionDetails").encodePrettily());
    }
    return answer.getJsonObject("result").getValue("value");
  }

  /** The text of the first element that the selector names, as a person sees it. */
  String text(String selector) {
    return (String) evaluate("document.querySelector('" + selector + "')?.innerText ?? ''");
  }

  /** Types text where the focus is. */
  void type(String text) {
    call("Input.insertText", new JsonObject().put("text", text));
  }

  /** Presses and releases a key; modifiers as in the protocol, 2 is Ctrl. */
  void press(String key, int code, int modifiers) {
    JsonObject event =
        new JsonObject()
            .put("key", key)
            .put("code", key)
            .put("windowsVirtualKeyCode", code)
            .put("modifiers", modifiers);
    if (key.equals("Enter")) {
      event.put("text", "\r");
    }
    call("Input.dispatchKeyEvent", event.copy().put("type", "keyDown"));
    call("Input.dispatchKeyEvent", event.copy().put("type", "keyUp"));
  }

  /** Shows the page as on a screen of that size and taste. */
  void screen(int width, int height, String colorScheme) {
    call(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    JsonObject scheme =
        new JsonObject().put("name", "prefers-color-scheme").put("value", colorScheme);
    call(
        "Emulation.setEmulatedMedia",
        new JsonObject().put("features", new JsonArray().add(scheme)));
  }

  /** Keeps a picture of the whole page, for people to look at. */
  void picture(Path file) throws IOException {
    JsonObject shot =
        call("Page.captureScreenshot", new JsonObject().put("captureBeyondViewport", true));
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(shot.getString("data")));
  }

  private JsonObject call(String method, JsonObject parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    answers.put(id, answer);
    JsonObject message =
        new JsonObject().put("id", id).put("method", method).put("params", parameters);
    tab.sendText(message.encode(), true).join();
    JsonObject said = answer.orTimeout(30, TimeUnit.SECONDS).join();
    if (said.containsKey("error")) {
      throw new AssertionError(method + ": " + said.getJsonObject("error").encode());
    }
    return said.getJsonObject("result");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        JsonObject said = new JsonObject(message.toString());
        message.setLength(0);
        if (said.containsKey("id")) {
          answers.remove(said.getInteger("id")).complete(said);
        }
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  @Override
  public void close() throws InterruptedException {
    tab.abort();
    http.close();
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS); // or it would still write to its profile
  }
}
