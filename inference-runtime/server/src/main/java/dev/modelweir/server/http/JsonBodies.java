package dev.modelweir.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.trace.RequestId;
import io.netty.buffer.ByteBufInputStream;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Reads the JSON that requests bring, and sends what answers them. Bodies are bounded one by one,
 * with what they are parsed to, and all together from their first byte until they are answered, so
 * that many large ones cannot exhaust the heap.
 */
@Singleton
public final class JsonBodies {
  private static final Logger LOG = Logger.getLogger(JsonBodies.class);

  private static final Pattern JSON =
      Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private static final String READ = JsonBodies.class.getName() + ".read";

  private final BodyLimits limits;

  JsonBodies(BodyLimits limits) {
    this.limits = limits;
  }

  /** What a request's body may hold. */
  public enum Kind {
    /** Some names and values. */
    SETTINGS(1 << 20, 16, 10_000),
    /** Names, and long strings. */
    FILES(Long.MAX_VALUE, 2, 10_000),
    /** Strings, or numbers that are parsed one by one. */
    TEXTS(Long.MAX_VALUE, 4, 2_000_000),
    /** Numbers that go from the bytes to where they are needed, and never become an object. */
    TENSORS(Long.MAX_VALUE, 1, 0);

    private final long mostBytes;
    private final int times;
    private final JsonFactory scanner;

    /**
     * @param times its length is what counts against the limit of all together, as what it is
     *     parsed to takes more memory
     * @param mostTokens names, values and brackets in it: each takes many times the memory of its
     *     text
     */
    Kind(long mostBytes, int times, int mostTokens) {
      this.mostBytes = mostBytes;
      this.times = times;
      StreamReadConstraints constraints =
          StreamReadConstraints.builder()
              .maxStringLength(Integer.MAX_VALUE)
              .maxTokenCount(Math.max(1, mostTokens))
              .build();
      this.scanner = JsonFactory.builder().streamReadConstraints(constraints).build();
    }
  }

  /**
   * Makes a handler that goes on to the next one with the whole {@link #body}; it fails with an
   * {@link InferenceException}, with 413 for a body that is too large, or with 415 for one that is
   * no plain JSON.
   */
  public Handler<RoutingContext> reader(Kind kind) {
    return context -> {
      Arriving arriving = new Arriving(context, kind);
      context.put(READ, arriving);
      if (plainJson(context.request())) {
        arriving.read();
      } else {
        context.fail(415);
      }
    };
  }

  /** A body that comes in parts; lives on one event loop. */
  private final class Arriving {
    private final RoutingContext context;
    private final Kind kind;
    private final Buffer body = Buffer.buffer();
    private long counted;
    private boolean over;

    Arriving(RoutingContext context, Kind kind) {
      this.context = context;
      this.kind = kind;
    }

    void read() {
      HttpServerRequest request = context.request();
      context.addEndHandler(answered -> release());
      // What comes after a refusal is read and dropped, so that the client gets to the answer.
      request.handler(this::append);
      request.endHandler(end -> complete());
      // Quarkus hands requests over paused.
      request.resume();
    }

    private void append(Buffer part) {
      if (over) {
        return;
      }
      long more = (long) part.length() * kind.times;
      if (body.length() + (long) part.length() > most(kind)) {
        over = true;
        context.fail(413);
      } else if (!limits.take(more)) {
        over = true;
        context.fail(new InferenceException(Code.OVERLOADED, BodyLimits.NO_ROOM));
      } else {
        counted += more;
        body.appendBuffer(part);
      }
    }

    private void complete() {
      if (!over) {
        over = true;
        context.next();
      }
    }

    private void release() {
      over = true;
      limits.giveBack(counted);
      counted = 0;
    }
  }

  /** What {@link #reader} has read. */
  public static Buffer body(RoutingContext context) {
    return context.<Arriving>get(READ).body;
  }

  private long most(Kind kind) {
    return Math.min(kind.mostBytes, Math.min(limits.perRequest(), limits.together() / kind.times));
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
   * @throws InferenceException when the body is something else, or has too many parts
   */
  public static JsonObject object(RoutingContext context) {
    Buffer body = body(context);
    if (body.length() == 0) {
      return new JsonObject();
    }
    JsonFactory scanner = context.<Arriving>get(READ).kind.scanner;
    try (InputStream bytes = new ByteBufInputStream(body.getByteBuf());
        JsonParser tokens = scanner.createParser(bytes)) {
      while (tokens.nextToken() != null) {
        // It counts them, so that none too many are made to objects.
      }
      return new JsonObject(body);
    } catch (StreamConstraintsException e) {
      throw InferenceException.invalid("the body holds too much: %s", e.getOriginalMessage());
    } catch (IOException | DecodeException | ClassCastException e) {
      throw InferenceException.invalid("the body is not a JSON object");
    }
  }

  /** How a request failed, for people, and the status that says it. */
  public record Failure(int status, String message) {}

  /** Why a context failed in {@link #reader} or a handler behind it. */
  public Failure failure(RoutingContext context) {
    if (context.statusCode() == 413) {
      long most = most(context.<Arriving>get(READ).kind);
      return new Failure(
          413,
          "the body is larger than the limit of %d bytes%s"
              .formatted(most, most == limits.perRequest() ? " (MODELWEIR_MAX_BODY_SIZE)" : ""));
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

  /**
   * Answers with what may be long, on the context's event loop; fails the context when too much
   * waits for clients to read it.
   */
  public void answer(RoutingContext context, byte[] document) {
    if (!isOver(context) && !limits.answer(document.length, () -> end(context, 200, document))) {
      context.fail(new InferenceException(Code.OVERLOADED, BodyLimits.NOT_READ));
    }
  }

  /** Answers on the context's event loop, unless the client has gone. */
  public static void send(RoutingContext context, int status, byte[] document) {
    if (!isOver(context)) {
      var _ = end(context, status, document);
    }
  }

  private static boolean isOver(RoutingContext context) {
    return context.response().ended() || context.response().closed();
  }

  private static Future<Void> end(RoutingContext context, int status, byte[] document) {
    HttpServerResponse response = context.response();
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    if (status == 503) {
      response.putHeader("Retry-After", "1");
    }
    Future<Void> sent = response.end(Buffer.buffer(document));
    // An unread body would block the next request on this connection.
    context.request().resume();
    return sent;
  }
}
