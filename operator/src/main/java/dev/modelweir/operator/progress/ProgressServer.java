package dev.modelweir.operator.progress;

import dev.modelweir.operator.progress.tls.Keys;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the endpoint by HTTPS on a port of its own: {@code POST
 * /v1/namespaces/NAMESPACE/trainingjobs/NAME/progress}. Health and metrics are not reachable here.
 */
final class ProgressServer implements AutoCloseable {

  private static final Pattern PATH =
      Pattern.compile("/v1/namespaces/([a-z0-9-]{1,63})/trainingjobs/([a-z0-9-]{1,63})/progress");
  private static final int IDLE_SECONDS = 60;

  // A body that is too long is read to its end, because a client that still sends does not listen;
  // one that has no end is cut off.
  private static final long MAX_READ = 64L * ReportReader.MAX_BODY;

  private final ProgressEndpoint endpoint;
  private final MeterRegistry registry;
  private final HttpServer server;
  // Asking the API server takes a while, and one thread per request costs nothing.
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ProgressServer(
      Vertx vertx, int port, Keys keys, ProgressEndpoint endpoint, MeterRegistry registry) {
    this.endpoint = endpoint;
    this.registry = registry;
    this.server =
        vertx.createHttpServer(
            tls(keys)
                .setPort(port)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
    server.requestHandler(this::handle);
  }

  /**
   * Opens the port.
   *
   * @return the port, which the system chose if it was 0
   */
  int open() {
    return server.listen().toCompletionStage().toCompletableFuture().join().actualPort();
  }

  /** New connections see these keys from now on; those that are open go on. */
  void use(Keys keys) {
    server
        .updateSSLOptions(tls(keys).getSslOptions())
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private void handle(HttpServerRequest request) {
    Matcher path = PATH.matcher(request.path());
    if (!path.matches()) {
      refuse(request, 404, "reports go to /v1/namespaces/NAMESPACE/trainingjobs/NAME/progress");
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader("Allow", "POST");
      refuse(request, 405, "reports are sent by POST");
    } else {
      receive(request, path.group(1), path.group(2));
    }
  }

  private void receive(HttpServerRequest request, String namespace, String job) {
    Context context = Vertx.currentContext();
    String authorization = request.getHeader("Authorization");
    Buffer body = Buffer.buffer();
    AtomicLong length = new AtomicLong();
    request.handler(chunk -> {
      long read = length.addAndGet(chunk.length());
      if (read <= ReportReader.MAX_BODY) {
        body.appendBuffer(chunk);
      } else if (read > MAX_READ) {
        request.connection().close();
      }
    });
    request.endHandler(end -> {
      if (length.get() > ReportReader.MAX_BODY) {
        refuse(request, 413, "a report has at most %d bytes".formatted(ReportReader.MAX_BODY));
        return;
      }
      threads.execute(() -> {
        Answer answer = endpoint.post(namespace, job, authorization, body.getBytes());
        context.runOnContext(back -> send(request, answer));
      });
    });
  }

  private void refuse(HttpServerRequest request, int status, String error) {
    send(request, Answer.refused(status, error));
  }

  private void send(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    registry
        .counter("modelweir.progress.requests", "code", Integer.toString(answer.status()))
        .increment();
    if (answer.status() == 401) {
      response.putHeader("WWW-Authenticate", "Bearer");
    } else if (answer.status() == 429 || answer.status() == 503) {
      response.putHeader("Retry-After", "1");
    }
    response
        .setStatusCode(answer.status())
        .putHeader("Content-Type", "application/json")
        .end(answer.body());
  }

  private static HttpServerOptions tls(Keys keys) {
    return new HttpServerOptions()
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(keys.certificatePem()))
                .setKeyValue(Buffer.buffer(keys.keyPem())));
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
    threads.shutdownNow();
  }
}
