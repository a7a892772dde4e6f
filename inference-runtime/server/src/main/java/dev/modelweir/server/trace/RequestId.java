package dev.modelweir.server.trace;

import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** The header {@code X-Request-Id}, by which a caller finds its request in the log. */
public final class RequestId {
  /** Its field in the log's context. */
  static final String FIELD = "requestId";

  private static final String HEADER = "X-Request-Id";
  private static final int LONGEST = 200;

  private RequestId() {}

  static @Nullable String of(HttpServerRequest request) {
    return shortened(request.getHeader(HEADER));
  }

  /** Method and path of a request, as lines in the log name it. */
  static String line(HttpServerRequest request) {
    return request.method() + " " + shortened(request.path());
  }

  /** Logs that a request failed in the server or in its model. */
  public static void failed(
      Logger log, HttpServerRequest request, @Nullable String why, @Nullable Throwable cause) {
    String id = of(request);
    if (id != null) {
      MDC.put(FIELD, id);
    }
    try {
      log.errorf(cause, "%s failed: %s", line(request), why);
    } finally {
      MDC.remove(FIELD);
    }
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
