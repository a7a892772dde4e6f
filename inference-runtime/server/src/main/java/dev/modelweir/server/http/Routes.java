package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.rest.Documents;
import dev.modelweir.server.Extensions;
import dev.modelweir.server.http.JsonBodies.Kind;
import dev.modelweir.server.openai.Embeddings;
import dev.modelweir.server.page.Pages;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.trace.LogSettings;
import dev.modelweir.server.trace.RequestId;
import dev.modelweir.server.trace.Tracing;
import dev.modelweir.server.v1.V1Routes;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The paths of the protocol. */
@Singleton
final class Routes {
  private static final Logger LOG = Logger.getLogger(Routes.class);

  private static final int FIRST = Integer.MIN_VALUE;

  /** After every other route. */
  private static final int LAST = Integer.MAX_VALUE - 1;

  private final ModelRepository models;
  private final InferRoute infer;
  private final ManagementRoutes management;
  private final Pages pages;
  private final JsonBodies bodies;
  private final V1Routes v1;
  private final Embeddings embeddings;
  private final LogSettings logging;
  private final Tracing tracing;
  private final Replies replies;
  private final Traffic traffic;
  private final byte[] server;

  Routes(
      ModelRepository models,
      InferRoute infer,
      ManagementRoutes management,
      Pages pages,
      JsonBodies bodies,
      V1Routes v1,
      Embeddings embeddings,
      LogSettings logging,
      Tracing tracing,
      Replies replies,
      Traffic traffic,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.models = models;
    this.infer = infer;
    this.management = management;
    this.pages = pages;
    this.bodies = bodies;
    this.v1 = v1;
    this.embeddings = embeddings;
    this.logging = logging;
    this.tracing = tracing;
    this.replies = replies;
    this.traffic = traffic;
    this.server = Documents.server("modelweir", version, Extensions.ALL);
  }

  void register(@Observes Router router) {
    router
        .route()
        .order(FIRST)
        .handler(context -> {
          tracing.begin(context);
          infer.handleFirst(context);
        });
    get(router, "/", pages::page);
    get(router, "/page.css", pages::style);
    get(router, "/page.js", pages::script);
    get(router, "/openapi.json", pages::openApi);
    get(router, "/v2/", context -> replies.json(context, 200, server));
    get(router, "/v2", context -> replies.json(context, 200, server));
    get(router, "/v2/health/live", context -> replies.json(context, 200, Documents.live()));
    get(router, "/v2/health/ready", this::ready);
    get(router, "/v2/models/stats", management::statistics);
    manage(router, "/v2/repository/index", Kind.SETTINGS, management::index);
    manage(router, "/v2/repository/models/:model/load", Kind.FILES, management::load);
    manage(router, "/v2/repository/models/:model/unload", Kind.SETTINGS, management::unload);
    for (String model : List.of("/v2/models/:model", "/v2/models/:model/versions/:version")) {
      get(router, model, this::metadata);
      get(router, model + "/ready", this::modelReady);
      get(router, model + "/config", management::config);
      get(router, model + "/stats", management::statistics);
      post(router, model + "/infer", infer::handle);
    }
    settings(router, "/v2/logging", logging::show, logging::change);
    settings(router, "/v2/trace/setting", tracing::show, tracing::change);
    settings(router, "/v2/models/:model/trace/setting", tracing::show, tracing::change);
    json(router.postWithRegex(V1Routes.PREDICT), Kind.TENSORS, v1::predict, v1::failed);
    json(router.post("/v1/embeddings"), Kind.TEXTS, embeddings::embed, embeddings::failed);
    refuseOthers(router, "/v1/embeddings", "POST");
    get(router, "/v1/models", v1::list);
    get(router, "/v1/models/:model", v1::model);
    router
        .route()
        .order(LAST)
        .handler(context ->
            replies.error(context, 404, "there is nothing at " + context.request().path()))
        .failureHandler(this::failed);
  }

  /** A request that is read as a whole, and waited for before the process ends. */
  private void json(
      Route route, Kind kind, Handler<RoutingContext> answer, Handler<RoutingContext> failed) {
    route.handler(this::count).handler(bodies.reader(kind)).handler(answer).failureHandler(failed);
  }

  private void count(RoutingContext context) {
    traffic.arrived();
    context.addEndHandler(over -> traffic.answered());
    traffic.leaveWhenDraining(context.request());
    context.next();
  }

  private void get(Router router, String path, Handler<RoutingContext> answer) {
    only(router, HttpMethod.GET, path, answer);
  }

  private void post(Router router, String path, Handler<RoutingContext> answer) {
    only(router, HttpMethod.POST, path, answer);
  }

  private void manage(Router router, String path, Kind kind, Handler<RoutingContext> answer) {
    json(router.post(path), kind, answer, this::failedBody);
    refuseOthers(router, path, "POST");
  }

  private void settings(
      Router router, String path, Handler<RoutingContext> show, Handler<RoutingContext> change) {
    router.get(path).handler(show).failureHandler(this::failed);
    json(router.post(path), Kind.SETTINGS, change, this::failedBody);
    refuseOthers(router, path, "GET, POST");
  }

  private void only(Router router, HttpMethod method, String path, Handler<RoutingContext> answer) {
    router.route(path).method(method).handler(answer).failureHandler(this::failed);
    refuseOthers(router, path, method.name());
  }

  private void refuseOthers(Router router, String path, String allowed) {
    router
        .route(path)
        .handler(context -> {
          context.response().putHeader(HttpHeaders.ALLOW, allowed);
          replies.error(context, 405, context.request().path() + " answers only " + allowed);
        });
  }

  private void failed(RoutingContext context) {
    switch (context.failure()) {
      case InferenceException refused -> replies.error(context, refused);
      default -> {
        RequestId.failed(LOG, context.request(), "an error in the server", context.failure());
        replies.error(context, 500, "internal error; see the server's log");
      }
    }
  }

  private void failedBody(RoutingContext context) {
    JsonBodies.Failure failure = bodies.failure(context);
    replies.error(context, failure.status(), failure.message());
  }

  private void ready(RoutingContext context) {
    boolean ready = models.ready() && !traffic.draining();
    replies.json(context, ready ? 200 : 503, Documents.ready(ready));
  }

  private void metadata(RoutingContext context) {
    replies.later(
        context,
        models
            .metadata(context.pathParam("model"), context.pathParam("version"))
            .thenApply(Documents::model));
  }

  private void modelReady(RoutingContext context) {
    String name = context.pathParam("model");
    boolean ready = models.answers(name, context.pathParam("version"));
    replies.json(context, ready ? 200 : 503, Documents.modelReady(name, ready));
  }
}
