package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException.Code;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects a request's body within the limits; used once, on its event loop. */
final class Body {
  private final BodyLimits limits;
  private final Exchange exchange;
  private @Nullable Buffer collected = Buffer.buffer();

  Body(BodyLimits limits, Exchange exchange) {
    this.limits = limits;
    this.exchange = exchange;
  }

  /** Hands the whole body over, or ends the exchange with the reason why not. */
  void read(HttpServerRequest request, Consumer<BodyLimits.Received> whenComplete) {
    if (announced(request) > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    }
    // What arrives after a refusal is read and dropped, so that the client gets to the answer.
    request.handler(this::append);
    request.exceptionHandler(broken -> release());
    request.endHandler(end -> {
      Buffer body = collected;
      if (body != null) {
        collected = null;
        whenComplete.accept(new BodyLimits.Received(body.getBytes(), limits));
      }
    });
    request.resume();
  }

  private void append(Buffer part) {
    Buffer body = collected;
    if (body == null) {
      return;
    }
    if (body.length() + (long) part.length() > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    } else if (!limits.take(part.length())) {
      refuse(503, Code.OVERLOADED, "too many large requests at once; try again later");
    } else {
      body.appendBuffer(part);
    }
  }

  private void refuse(int status, Code code, String why) {
    release();
    exchange.refuse(status, code, why);
  }

  private void release() {
    Buffer body = collected;
    if (body != null) {
      limits.giveBack(body.length());
      collected = null;
    }
  }

  private String tooLarge() {
    return "the body is larger than the limit of %d bytes (MODELWEIR_MAX_BODY_SIZE)"
        .formatted(limits.perRequest());
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
