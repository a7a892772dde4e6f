package dev.modelweir.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.training.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a registry of a few lines that keeps blobs in memory; its certificate is unknown. */
class RegistryTest {
  private static SSLContext tls;

  @TempDir Path folder;

  private final Set<String> blobs = ConcurrentHashMap.newKeySet();
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final List<String> uploads = new CopyOnWriteArrayList<>();
  private volatile boolean open = true;
  private final HttpsServer server =
      HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

  RegistryTest() throws IOException {}

  @BeforeAll
  static void createCertificate(@TempDir Path keys) throws Exception {
    tls = TestCertificate.create(keys);
  }

  @BeforeEach
  void start() {
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v2/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void pushesEveryBlobAndKeepsTheDigest() throws Exception {
    Path archive = image("first");
    String digest = new Registry(true).push(archive, ImageSpec.parseOwnName(name()));
    try (var image = ImageArchive.open(archive)) {
      assertThat(digest).isEqualTo(image.manifest().digest());
      assertThat(manifests.get("v1")).isEqualTo(image.read(image.manifest()));
      assertThat(blobs)
          .containsExactlyInAnyOrderElementsOf(
              image.blobs().stream().map(ImageArchive.Descriptor::digest).toList());
    }
  }

  @Test
  void doesNotSendWhatTheRegistryHas() throws Exception {
    Path archive = image("first");
    new Registry(true).push(archive, ImageSpec.parseOwnName(name()));
    int sent = uploads.size();
    new Registry(true).push(archive, ImageSpec.parseOwnName(name()));
    assertThat(uploads).hasSize(sent);
  }

  @Test
  void aRefusalNamesTheImage() throws Exception {
    open = false;
    Path archive = image("first");
    assertThatThrownBy(() -> new Registry(true).push(archive, ImageSpec.parseOwnName(name())))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cannot push " + name());
  }

  @Test
  void anUnknownCertificateIsOnlyAcceptedWhenAllowed() throws Exception {
    Path archive = image("first");
    assertThatThrownBy(() -> new Registry(false).push(archive, ImageSpec.parseOwnName(name())))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("--insecure");
    assertThat(blobs).isEmpty();
  }

  @Test
  void whatIsNoArchiveIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("text.tar"), "text");
    assertThatThrownBy(() -> new Registry(true).push(file, ImageSpec.parseOwnName(name())))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("text.tar");
  }

  private String name() {
    return "127.0.0.1:" + server.getAddress().getPort() + "/examples/iris:v1";
  }

  private Path image(String content) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(files.resolve("model.onnx"), content);
    var layer = new ImageSpec.Layer("data", List.of(new ImageSpec.Layer.Content(files, "/models")));
    var spec =
        new ImageSpec(
            ImageSpec.parseOwnName(name()), List.of(layer), List.of(), Map.of(), Map.of(), "", "");
    Path archive = folder.resolve("image.tar");
    new ImageWriter(folder.resolve("jib"), false).write(new Base.Scratch(), spec, archive);
    return archive;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = new ArrayList<>(List.of(exchange.getRequestURI().getPath().split("/")));
      String last = path.getLast();
      byte[] body = exchange.getRequestBody().readAllBytes();
      int status =
          switch (exchange.getRequestMethod()) {
            case "HEAD" -> blobs.contains(last) ? 200 : 404;
            case "GET" -> 200;
            case "POST", "PATCH" -> 202;
            default -> 201;
          };
      if (exchange.getRequestMethod().equals("PATCH")) {
        uploads.add(last);
      } else if (exchange.getRequestMethod().equals("PUT") && path.contains("manifests")) {
        manifests.put(last, body);
      } else if (exchange.getRequestMethod().equals("PUT")) {
        blobs.add(exchange.getRequestURI().getQuery().replace("digest=", ""));
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", "1");
      }
      exchange.getResponseHeaders().set("Location", "/v2/examples/iris/blobs/uploads/1");
      exchange.sendResponseHeaders(open ? status : 403, -1);
    }
  }
}
