package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.rest.Documents;
import dev.modelweir.protocol.rest.RestCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sends answers; all of them are JSON. */
@Singleton
final class Replies {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence BYTES = HttpHeaders.createOptimized("application/octet-stream");
  private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
  private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

  private final Traffic traffic;
  private final BodyLimits limits;

  Replies(Traffic traffic, BodyLimits limits) {
    this.traffic = traffic;
    this.limits = limits;
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

  /** A document that is still to be made, on whatever thread. */
  void later(RoutingContext context, CompletionStage<byte[]> document) {
    Context eventLoop = Vertx.currentContext();
    document.whenComplete((made, failure) ->
        eventLoop.runOnContext(back -> {
          if (made != null) {
            json(context, 200, made);
          } else if (cause(failure) instanceof InferenceException refused) {
            error(context, refused);
          } else {
            context.fail(failure);
          }
        }));
  }

  private static @Nullable Throwable cause(Throwable failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }

  /** The answer of an inference, which may carry tensors as bytes behind its JSON. */
  void inference(RoutingContext context, RestCodec.Encoded answer, Codings coding) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (!limits.answer(answer.bytes().length, () -> send(context, answer, coding))) {
      error(context, 503, BodyLimits.NOT_READ);
    }
  }

  private Future<Void> send(RoutingContext context, RestCodec.Encoded answer, Codings coding) {
    HttpServerResponse response = context.response();
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
    return send(context, response, answer.bytes());
  }

  private Future<Void> send(RoutingContext context, HttpServerResponse response, byte[] document) {
    traffic.leaveWhenDraining(context.request());
    Future<Void> sent = response.end(Buffer.buffer(document));
    // Quarkus hands requests over paused: an unread body would block the next on this connection.
    context.request().resume();
    return sent;
  }
}
