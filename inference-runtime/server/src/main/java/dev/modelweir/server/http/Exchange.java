package dev.modelweir.server.http;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.rest.RestCodec.Encoded;
import dev.modelweir.server.repository.ServedVersion;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.schedule.Ticket;
import dev.modelweir.server.trace.RequestId;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One inference request from arrival to its single answer; lives on its event loop. */
final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);

  private final RoutingContext context;
  private final Replies replies;
  private final Traffic traffic;
  private final Optional<ServedVersion> model;
  private final Arrival arrival = Arrival.now();
  private volatile boolean over;
  private @Nullable Ticket ticket;

  /**
   * @param model counts what goes wrong before a request reaches it
   */
  Exchange(
      RoutingContext context, Replies replies, Traffic traffic, Optional<ServedVersion> model) {
    this.context = context;
    this.replies = replies;
    this.traffic = traffic;
    this.model = model;
    traffic.arrived();
    context.response().closeHandler(gone -> abandoned());
  }

  Arrival arrival() {
    return arrival;
  }

  /** Whether it was answered, or the client has gone; may be asked on any thread. */
  boolean over() {
    return over;
  }

  /** The request is with its model, which counts it from here on; called on any thread. */
  synchronized void handedOver(Ticket given) {
    ticket = given;
    if (over) {
      given.cancel();
    }
  }

  private void abandoned() {
    if (end()) {
      synchronized (this) {
        if (ticket != null) {
          ticket.cancel();
        }
      }
    }
  }

  void succeed(Encoded answer, Codings coding) {
    if (end()) {
      replies.inference(context, answer, coding);
    }
  }

  /** Answers with a failure that the model has counted. */
  void fail(InferenceException failure) {
    if (end()) {
      log(failure.code(), failure.getMessage());
      replies.error(context, failure);
    }
  }

  /** Answers with a failure on the way to the model. */
  void refuse(InferenceException failure) {
    refuse(Replies.status(failure.code()), failure.code(), String.valueOf(failure.getMessage()));
  }

  void refuse(int status, Code code, String message) {
    if (end()) {
      model.ifPresent(it -> it.statistics().failed(code, System.nanoTime() - arrival.at()));
      log(code, message);
      replies.error(context, status, message);
    }
  }

  private void log(Code code, @Nullable String message) {
    if (code == Code.INTERNAL) {
      RequestId.failed(LOG, context.request(), message, null);
    }
  }

  /** Whether this was the first end. */
  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    traffic.answered();
    return true;
  }
}
