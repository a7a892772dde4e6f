package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException.Code;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;

/** Collects a request's body within the limits; used once, on its event loop. */
final class Body {
  /** Given on trust in what a client announces; the rest only for what has really come. */
  private static final int TRUSTED = 256 * 1024;

  private static final int UNANNOUNCED = 8 * 1024;

  /** Times what has come is made room for when the client said how much comes: one move will do. */
  private static final int GROWTH = 16;

  /** The same when it did not, so that what is taken in vain is never more than what came. */
  private static final int UNANNOUNCED_GROWTH = 2;

  private final BodyLimits limits;
  private final Exchange exchange;
  private byte[] bytes = {};
  private int length;
  private long announced;
  private boolean over;

  Body(BodyLimits limits, Exchange exchange) {
    this.limits = limits;
    this.exchange = exchange;
  }

  /** Hands the whole body over, or ends the exchange with the reason why not. */
  void read(HttpServerRequest request, Consumer<BodyLimits.Received> whenComplete) {
    announced = announced(request);
    if (announced > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    }
    // What arrives after a refusal is read and dropped, so that the client gets to the answer.
    request.handler(this::append);
    request.exceptionHandler(broken -> release());
    request.endHandler(end -> {
      if (!over) {
        over = true;
        whenComplete.accept(received());
      }
    });
    request.resume();
  }

  private void append(Buffer part) {
    if (over) {
      return;
    }
    int more = part.length();
    if (length + (long) more > limits.perRequest()) {
      refuse(413, Code.INVALID, tooLarge());
    } else if (!madeRoomFor(length + more)) {
      refuse(503, Code.OVERLOADED, "too many large requests at once; try again later");
    } else {
      part.getBytes(0, more, bytes, length);
      length += more;
    }
  }

  /** Whether there is memory for so many bytes in all. */
  private boolean madeRoomFor(int needed) {
    if (needed <= bytes.length) {
      return true;
    }
    boolean foreseen = announced >= needed;
    long first = announced > 0 ? Math.min(announced, TRUSTED) : UNANNOUNCED;
    long grown = (long) bytes.length * (foreseen ? GROWTH : UNANNOUNCED_GROWTH);
    long most = foreseen ? Math.min(announced, limits.perRequest()) : limits.perRequest();
    long size = Math.min(Math.max(needed, Math.max(first, grown)), most);
    if (!limits.take(size - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, (int) size);
    return true;
  }

  private BodyLimits.Received received() {
    if (length < bytes.length) {
      limits.giveBack(bytes.length - length);
      bytes = Arrays.copyOf(bytes, length);
    }
    return new BodyLimits.Received(bytes, limits);
  }

  private void refuse(int status, Code code, String why) {
    release();
    exchange.refuse(status, code, why);
  }

  private void release() {
    if (!over) {
      over = true;
      limits.giveBack(bytes.length);
      bytes = new byte[0];
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
