package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException.Code;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Collects a request's body within the limits; used once, on its event loop. */
final class Body {
  /** Little, as one connection of HTTP/2 may have a thousand requests that never come whole. */
  private static final int TRUSTED = 16 * 1024;

  private final BodyLimits limits;
  private final Exchange exchange;
  private final HttpServerRequest request;
  private final long announced;
  private final Incoming incoming;
  private boolean over;

  Body(BodyLimits limits, Exchange exchange, HttpServerRequest request) {
    this.limits = limits;
    this.exchange = exchange;
    this.request = request;
    this.announced = announced(request);
    this.incoming = new Incoming(limits, announced, TRUSTED);
  }

  /** Hands the whole body over, or ends the exchange with the reason why not. */
  void read(Consumer<BodyLimits.Received> whenComplete) {
    if (announced > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    }
    // What arrives after a refusal is read and dropped, so that the client gets to the answer.
    request.handler(this::append);
    request.exceptionHandler(broken -> release());
    request.endHandler(end -> {
      if (!over) {
        over = true;
        whenComplete.accept(incoming.received());
      }
    });
    request.resume();
  }

  private void append(Buffer part) {
    if (over) {
      return;
    }
    if (incoming.length() + (long) part.length() > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    } else if (!incoming.add(part, 0, part.length())) {
      refuse(503, Code.OVERLOADED, BodyLimits.NO_ROOM);
    }
  }

  private void refuse(int status, Code code, String why) {
    release();
    exchange.refuse(status, code, why);
  }

  private void release() {
    if (!over) {
      over = true;
      incoming.release();
    }
  }

  private String tooLarge() {
    return "the body is larger than the limit of %d bytes (MODELWEIR_MAX_BODY_SIZE)"
        .formatted(limits.perRequest());
  }

  /** What the client says that it sends; 0 when it does not. */
  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
