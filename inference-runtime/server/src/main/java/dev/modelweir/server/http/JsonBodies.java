package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.trace.RequestId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Reads the JSON that requests bring, and sends what answers them. Bodies are bounded one by one,
 * and all together from their first byte until they are answered, so that many large ones cannot
 * exhaust the heap.
 */
@Singleton
public final class JsonBodies {
  private static final Logger LOG = Logger.getLogger(JsonBodies.class);

  private static final Pattern JSON =
      Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private final BodyLimits limits;
  private final BodyHandler reader;

  JsonBodies(BodyLimits limits) {
    this.limits = limits;
    this.reader = BodyHandler.create(false).setBodyLimit(limits.perRequest());
  }

  /**
   * Goes on to the next handler with the whole body in {@link RoutingContext#body}; fails with an
   * {@link InferenceException}, with 413 for a body that is too large, or with 415 for one that is
   * no plain JSON.
   */
  public void read(RoutingContext context) {
    if (!plainJson(context.request())) {
      context.fail(415);
      return;
    }
    long length = announced(context);
    if (!limits.take(length)) {
      throw new InferenceException(
          Code.OVERLOADED, "too many large requests at once; try again later");
    }
    context.addEndHandler(over -> limits.giveBack(length));
    reader.handle(context);
    // Quarkus hands requests over paused.
    context.request().resume();
  }

  /** A form could be sent by any page that a browser shows; JSON it must ask for first. */
  private static boolean plainJson(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return (type == null || JSON.matcher(type).matches())
        && (coding == null || coding.equalsIgnoreCase("identity"));
  }

  /**
   * The JSON object that was read; an empty body counts as one.
   *
   * @throws InferenceException when the body is something else
   */
  public static JsonObject object(RoutingContext context) {
    try {
      return context.body().isEmpty() ? new JsonObject() : new JsonObject(context.body().buffer());
    } catch (DecodeException | ClassCastException e) {
      throw InferenceException.invalid("the body is not a JSON object");
    }
  }

  /** A body that does not announce its length may become as long as any. */
  private long announced(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null
          ? limits.perRequest()
          : Math.clamp(Long.parseLong(length), 0, limits.perRequest());
    } catch (NumberFormatException e) {
      return limits.perRequest();
    }
  }

  /** How a request failed, for people, and the status that says it. */
  public record Failure(int status, String message) {}

  /** Why a context failed in {@link #read} or a handler behind it. */
  public Failure failure(RoutingContext context) {
    if (context.statusCode() == 413) {
      return new Failure(
          413,
          "the body is larger than the limit of %d bytes (MODELWEIR_MAX_BODY_SIZE)"
              .formatted(limits.perRequest()));
    }
    if (context.statusCode() == 415) {
      return new Failure(415, "send application/json, without a content encoding");
    }
    Throwable failure = context.failure();
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof InferenceException known) {
      if (known.code() == Code.INTERNAL) {
        RequestId.failed(LOG, context.request(), known.getMessage(), null);
      }
      return new Failure(Replies.status(known.code()), String.valueOf(known.getMessage()));
    }
    if (context.response().closed()) {
      return new Failure(Replies.status(Code.CANCELLED), "the client has gone");
    }
    RequestId.failed(LOG, context.request(), "an error in the server", cause);
    return new Failure(500, "internal error; see the server's log");
  }

  /** Answers on the context's event loop, unless the client has gone. */
  public static void send(RoutingContext context, int status, byte[] document) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    if (status == 503) {
      response.putHeader("Retry-After", "1");
    }
    response.end(Buffer.buffer(document));
    // An unread body would block the next request on this connection.
    context.request().resume();
  }
}
