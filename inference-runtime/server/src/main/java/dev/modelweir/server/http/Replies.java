package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.json.Documents;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Sends answers; all of them are JSON. */
@Singleton
final class Replies {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

  private final Traffic traffic;

  Replies(Traffic traffic) {
    this.traffic = traffic;
  }

  static int status(InferenceException.Code code) {
    return switch (code) {
      case INVALID -> 400;
      case NOT_FOUND -> 404;
      case UNAVAILABLE -> 503;
      case INTERNAL -> 500;
    };
  }

  void error(RoutingContext context, InferenceException failure) {
    error(context, status(failure.code()), String.valueOf(failure.getMessage()));
  }

  void error(RoutingContext context, int status, String message) {
    json(context, status, Documents.error(message));
  }

  void json(RoutingContext context, int status, byte[] document) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (status == 503) {
      response.putHeader(RETRY_AFTER, ONE_SECOND);
    }
    if (traffic.draining()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.end(Buffer.buffer(document));
    // Quarkus hands requests over paused: an unread body would block the next on this connection.
    context.request().resume();
  }
}
