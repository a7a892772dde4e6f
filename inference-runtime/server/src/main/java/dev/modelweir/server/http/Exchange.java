package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.http.Measurements.Outcome;
import io.vertx.ext.web.RoutingContext;

/** One inference request from arrival to its single answer; lives on its event loop. */
final class Exchange {
  private final RoutingContext context;
  private final Replies replies;
  private final Traffic traffic;
  private final Measurements measurements;
  private final long start = System.nanoTime();
  private volatile boolean over;

  Exchange(RoutingContext context, Replies replies, Traffic traffic, Measurements measurements) {
    this.context = context;
    this.replies = replies;
    this.traffic = traffic;
    this.measurements = measurements;
    traffic.arrived();
    context.response().closeHandler(gone -> end(Outcome.ABANDONED));
  }

  /** Whether it was answered, or the client has gone; may be asked on any thread. */
  boolean over() {
    return over;
  }

  void succeed(byte[] document) {
    if (end(Outcome.SUCCESS)) {
      replies.json(context, 200, document);
    }
  }

  void fail(InferenceException failure) {
    Outcome outcome =
        switch (failure.code()) {
          case INVALID, NOT_FOUND -> Outcome.INVALID;
          case UNAVAILABLE -> Outcome.OVERLOADED;
          case INTERNAL -> Outcome.ERROR;
        };
    fail(Replies.status(failure.code()), outcome, String.valueOf(failure.getMessage()));
  }

  void fail(int status, Outcome outcome, String message) {
    if (end(outcome)) {
      replies.error(context, status, message);
    }
  }

  /** Whether this was the first end. */
  private boolean end(Outcome outcome) {
    if (over) {
      return false;
    }
    over = true;
    traffic.answered();
    measurements.answered(outcome, System.nanoTime() - start);
    return true;
  }
}
