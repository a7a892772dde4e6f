package dev.modelweir.server.grpc;

import static org.awaitility.Awaitility.await;

import dev.modelweir.protocol.grpc.message.ServerReadyRequest;
import dev.modelweir.protocol.grpc.message.ServerReadyResponse;
import dev.modelweir.server.TestModels;
import io.grpc.ClientInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** The server's configuration in tests: all test models, on free ports, gRPC on both. */
public class ServedModels implements QuarkusTestProfile {
  private final Map<String, String> more;

  /** With nothing but the models. */
  public ServedModels() {
    this(Map.of());
  }

  ServedModels(Map<String, String> more) {
    this.more = more;
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> config = new HashMap<>(more);
    config.put("modelweir.model-repository", TestModels.folder("iris").getParent().toString());
    config.put("modelweir.grpc-port", Integer.toString(freePort()));
    config.put("quarkus.http.test-port", "0");
    config.put("quarkus.management.test-port", "0");
    return config;
  }

  /** A client of a server that is ready, on the port of REST. */
  static GrpcClient client(ClientInterceptor... interceptors) {
    String url = ConfigProvider.getConfig().getValue("test.url", String.class);
    return whenReady(new GrpcClient(URI.create(url).getPort(), interceptors));
  }

  /** The same on the port of its own. */
  static GrpcClient ownPortClient() {
    return whenReady(
        new GrpcClient(ConfigProvider.getConfig().getValue("modelweir.grpc-port", Integer.class)));
  }

  private static GrpcClient whenReady(GrpcClient client) {
    await().atMost(Duration.ofMinutes(1)).until(() -> ready(client));
    return client;
  }

  private static boolean ready(GrpcClient client) {
    try {
      return client
          .call(
              "ServerReady",
              ServerReadyRequest.getDefaultInstance(),
              ServerReadyResponse.getDefaultInstance())
          .getReady();
    } catch (StatusRuntimeException notListening) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
