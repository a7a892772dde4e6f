package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelweir.e2e.harness.Command;
import dev.modelweir.e2e.harness.InferenceServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The runtime by itself, seen from outside: conformance, clients that users have, hostile bytes.
 */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RuntimeProtocolIT {
  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final Command CLIENTS = Command.of(HERE.resolve("clients/clients").toString());

  private InferenceServer server;

  /** Whether the packages of the clients could be had from PyPI; without them less is looked at. */
  private boolean clients;

  @BeforeAll
  void start() throws Exception {
    clients = CLIENTS.with("--help").limit(Duration.ofMinutes(15)).run().ok();
    server = InferenceServer.repository(HERE.resolve("conformance/models"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Order(1)
  void stockClientsWork() {
    assumeTrue(clients, "the packages of e2e/clients could not be installed");
    CLIENTS
        .with("--url", server.url(), "--grpc", server.grpc())
        .limit(Duration.ofMinutes(5))
        .output();
  }

  @Test
  @Order(2)
  void conforms() {
    String report =
        conformance("--url", server.url(), "--grpc", server.grpc())
            .limit(Duration.ofMinutes(5))
            .output();
    assertThat(report).contains("all MUST").doesNotContain("FAILED");
    if (clients) {
      assertThat(report).as("all is looked at").doesNotContain("\nskipped ");
    }
  }

  @Test
  @Order(3)
  void survivesHostileBytes() {
    conformance("--url", server.url(), "--grpc", server.grpc(), "--fuzz", "15", "--seed", "7")
        .limit(Duration.ofMinutes(3))
        .output();
  }

  @Test
  @Order(4)
  void memoryStaysFlatUnderAllKindsOfRequests() {
    conformance(
            "--url", server.url(), "--grpc", server.grpc(), "--soak", "30", "--pid", server.pid())
        .limit(Duration.ofMinutes(3))
        .output();
  }

  /** With the interpreter of the clients, which has grpcio; checks of gRPC are skipped without. */
  private Command conformance(String... arguments) {
    Path cache =
        System.getenv("MODELWEIR_CACHE") == null
            ? Path.of(System.getProperty("user.home"), ".cache", "modelweir")
            : Path.of(System.getenv("MODELWEIR_CACHE"));
    return Command.of(
            clients ? cache.resolve("venvs/clients/bin/python").toString() : "python3",
            HERE.resolve("conformance/conformance").toString())
        .with(arguments);
  }
}
