package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.rest.Documents;
import dev.modelweir.protocol.rest.RestCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Sends answers; all of them are JSON. */
@Singleton
final class Replies {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence BYTES = HttpHeaders.createOptimized("application/octet-stream");
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
      case TOO_LARGE -> 413;
      case UNAVAILABLE, OVERLOADED, TOO_LATE -> 503;
      case UNSUPPORTED -> 501;
      case CANCELLED -> 499;
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
    send(context, response, document);
  }

  /** The answer of an inference, which may carry tensors as bytes behind its JSON. */
  void inference(RoutingContext context, RestCodec.Encoded answer, Codings coding) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (answer.binary()) {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, BYTES)
          .putHeader(InferRoute.JSON_LENGTH, Integer.toString(answer.jsonLength()));
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    }
    if (coding != Codings.IDENTITY) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.token());
    }
    send(context, response, answer.bytes());
  }

  private void send(RoutingContext context, HttpServerResponse response, byte[] document) {
    if (traffic.draining()) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.end(Buffer.buffer(document));
    // Quarkus hands requests over paused: an unread body would block the next on this connection.
    context.request().resume();
  }
}
