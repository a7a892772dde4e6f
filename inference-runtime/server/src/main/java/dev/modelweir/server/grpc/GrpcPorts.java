package dev.modelweir.server.grpc;

import dev.modelweir.server.ServerConfig;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where calls come in: on the port of REST, and on one of their own when there is one. */
@Singleton
final class GrpcPorts {
  /** Before every other route. */
  private static final int FIRST = Integer.MIN_VALUE;

  /**
   * Calls at the same time on one connection; a client makes a second one only by being told to.
   */
  private static final int MAX_CONCURRENT_STREAMS = 1024;

  /** What may be under way to this server on one connection: about a large image batch. */
  private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

  private static final int STREAM_WINDOW = 1024 * 1024;

  /**
   * Calls that one connection may abandon in 30 seconds. Vert.x' default of 200 closes the
   * connection, with all its calls, of a client whose deadlines are short while there is much to
   * do.
   */
  private static final int MAX_RESETS = 20_000;

  private static final int IDLE_MINUTES = 5;

  private final GrpcService service;
  private final ServerConfig config;
  private final Vertx vertx;
  private final String host;
  private final int httpPort;

  GrpcPorts(
      GrpcService service,
      ServerConfig config,
      Vertx vertx,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = "quarkus.http.port") int httpPort) {
    this.service = service;
    this.config = config;
    this.vertx = vertx;
    this.host = host;
    this.httpPort = httpPort;
  }

  void register(@Observes Router router) {
    router
        .route()
        .order(FIRST)
        .handler(context -> {
          if (GrpcService.isCall(context.request())) {
            service.handle(context.request());
          } else {
            context.next();
          }
        });
  }

  /** Fails the start when the port is taken. */
  void listen(@Observes StartupEvent event) {
    if (config.grpcPort().isEmpty()) {
      return;
    }
    int port = config.grpcPort().getAsInt();
    if (port == httpPort) {
      return; // Vert.x would share the port out between both servers
    }
    // One instance per event loop: connections are shared out among them.
    DeploymentOptions each =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    vertx
        .deployVerticle(() -> new Listener(port), each)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private final class Listener extends AbstractVerticle {
    private final int port;

    Listener(int port) {
      this.port = port;
    }

    @Override
    public void start(Promise<Void> started) {
      HttpServerOptions options =
          new HttpServerOptions()
              .setHost(host)
              .setPort(port)
              .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
              .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
              .setIdleTimeout(IDLE_MINUTES)
              .setIdleTimeoutUnit(TimeUnit.MINUTES);
      options
          .getInitialSettings()
          .setMaxConcurrentStreams(MAX_CONCURRENT_STREAMS)
          .setInitialWindowSize(STREAM_WINDOW);
      vertx
          .createHttpServer(options)
          .requestHandler(this::handle)
          .listen()
          .<Void>mapEmpty()
          .onComplete(started);
    }

    private void handle(HttpServerRequest request) {
      if (GrpcService.isCall(request)) {
        service.handle(request);
      } else {
        request.response().setStatusCode(415).end("this port answers gRPC only\n");
      }
    }
  }
}
