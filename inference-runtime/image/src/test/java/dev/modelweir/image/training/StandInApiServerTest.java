package dev.modelweir.image.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Scanner;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInApiServerTest {
  private static final String SERVICES = "/apis/modelweir.dev/v1alpha1/inferenceservices";
  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/training/deployments";

  @TempDir Path folder;

  private StandInApiServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    server = StandInApiServer.start(folder);
    client = HttpClient.newBuilder().sslContext(trusting(server.certificate())).build();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    server.close();
  }

  @Test
  void collectionsAreEmptyAndObjectsMissingAtFirst() throws Exception {
    assertThat(send("GET", DEPLOYMENTS, "").body().path("items")).isEmpty();
    assertThat(send("GET", DEPLOYMENTS + "/a", "").status()).isEqualTo(404);
  }

  @Test
  void whatIsAppliedIsFoundAgain() throws Exception {
    Answer applied = send("PATCH", DEPLOYMENTS + "/a", "{\"spec\":{\"replicas\":2}}");
    assertThat(applied.body().at("/metadata/name").asText()).isEqualTo("a");
    assertThat(applied.body().at("/metadata/namespace").asText()).isEqualTo("training");
    send("PATCH", DEPLOYMENTS + "/a/status", "{\"status\":{\"replicas\":1}}");
    JsonNode found = send("GET", "/apis/apps/v1/deployments", "").body().at("/items/0");
    assertThat(found.at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(found.at("/status/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void theFirstWatchOfInferenceServicesSeesOneAppear() throws Exception {
    try (InputStream events =
            client
                .send(
                    request(SERVICES + "?watch=true").build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body();
        var lines = new Scanner(events, StandardCharsets.UTF_8)) {
      JsonNode event = ObjectStore.JSON.readTree(lines.nextLine());
      assertThat(event.path("type").asText()).isEqualTo("ADDED");
      assertThat(event.at("/object/kind").asText()).isEqualTo("InferenceService");

      assertThat(server.isStatusWritten()).isFalse();
      send(
          "PATCH", SERVICES.replace("/inf", "/namespaces/training/inf") + "/training/status", "{}");
      assertThat(server.isStatusWritten()).isTrue();
      assertThat(ObjectStore.JSON.readTree(lines.nextLine()).path("type").asText())
          .isEqualTo("MODIFIED");
    }
  }

  private record Answer(int status, ObjectNode body) {}

  private Answer send(String method, String path, String body) throws Exception {
    var response =
        client.send(
            request(path).method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(), (ObjectNode) ObjectStore.JSON.readTree(response.body()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .version(HttpClient.Version.HTTP_1_1);
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "api", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
