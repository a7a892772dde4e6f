package dev.modelweir.server.trace;

import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * One request's part of a trace: the header of its answer and its line in the log. Its methods may
 * be called on any thread.
 */
public final class Span {
  private static final Logger LOG = Logger.getLogger(Span.class);

  private final String line;
  private final @Nullable String requestId;
  private final long start = System.nanoTime();

  /** Settings ask for its line; the level of the log may do so as well. */
  private volatile boolean chosen;

  private volatile @Nullable TraceContext trace;

  Span(HttpServerRequest request, @Nullable TraceContext given) {
    this.line = RequestId.line(request);
    this.requestId = RequestId.of(request);
    this.trace = given;
  }

  /** Whether every request leaves a line. */
  static boolean always() {
    return LOG.isDebugEnabled();
  }

  void chooseBy(Sampler sampler) {
    TraceContext given = trace;
    if (sampler.take(given != null && given.sampled())) {
      chosen = true;
      trace = given == null ? TraceContext.begin(true) : given;
    }
  }

  /** Whether {@link #end} will leave a line, as far as is known by now. */
  boolean logged() {
    return chosen || always();
  }

  /** The header {@link Tracing#TRACE_PARENT} of the answer; null for none. */
  public @Nullable String header() {
    TraceContext known = trace;
    return known == null ? null : known.header();
  }

  /**
   * The request is over.
   *
   * @param outcome one word: the status of the answer, or that the client has gone
   */
  public void end(String outcome) {
    if (logged()) {
      long micros = (System.nanoTime() - start) / 1000;
      TraceContext known = trace;
      log(
          "%s %s after %d us".formatted(line, outcome, micros),
          known == null ? TraceContext.begin(false) : known);
    }
  }

  private void log(String message, TraceContext trace) {
    MDC.put("traceId", trace.traceId());
    MDC.put("spanId", trace.spanId());
    try {
      if (trace.parentId() != null) {
        MDC.put("parentId", trace.parentId());
      }
      if (requestId != null) {
        MDC.put(RequestId.FIELD, requestId);
      }
      LOG.logf(
          chosen ? Logger.Level.INFO : Logger.Level.DEBUG,
          "%s, trace %s span %s%s",
          message,
          trace.traceId(),
          trace.spanId(),
          requestId == null ? "" : " request " + requestId);
    } finally {
      MDC.remove("traceId");
      MDC.remove("spanId");
      MDC.remove("parentId");
      MDC.remove(RequestId.FIELD);
    }
  }
}
