package dev.modelweir.operator.progress;

import dev.modelweir.operator.progress.tls.Keys;
import dev.modelweir.operator.testing.ApiServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;

/** The real endpoint on a free port, with an API server of the test behind it. */
final class RunningEndpoint implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ProgressServer server;
  private final int port;

  RunningEndpoint(ApiServer api, Keys keys) {
    var client = api.operator();
    // Without pauses: each report is written as soon as the one before is.
    Timer timer = (delay, task) -> Thread.ofVirtual().start(task);
    var pending =
        new PendingReports(new Delivery(client, Clock.systemUTC()), timer, Clock.systemUTC());
    var endpoint = new ProgressEndpoint(new Callers(client, Clock.systemUTC()), pending);
    server = new ProgressServer(vertx, 0, keys, endpoint, registry);
    port = server.open();
  }

  String url() {
    return "https://localhost:%d/v1/namespaces/%s/trainingjobs/%s/progress"
        .formatted(port, Digits.NAMESPACE, Digits.JOB);
  }

  void use(Keys keys) {
    server.use(keys);
  }

  /** How many requests were answered with this status. */
  double answers(int status) {
    return registry
        .get("modelweir.progress.requests")
        .tag("code", Integer.toString(status))
        .counter()
        .count();
  }

  @Override
  public void close() {
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
