package dev.modelweir.server.grpc;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.http.BodyLimits;
import dev.modelweir.server.http.Codings;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.trace.RequestId;
import dev.modelweir.server.trace.Span;
import dev.modelweir.server.trace.Tracing;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One call from its headers to its status; lives on its event loop. */
final class Call {
  private static final Logger LOG = Logger.getLogger(Call.class);

  private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
  private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
  private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
  private static final CharSequence MESSAGE = HttpHeaders.createOptimized("grpc-message");
  private static final CharSequence ENCODING = HttpHeaders.createOptimized("grpc-encoding");
  private static final CharSequence OK = HttpHeaders.createOptimized(Status.OK.number());

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Traffic traffic;
  private final Tracing tracing;
  private final @Nullable Span span;
  private final Arrival arrival;
  private final Codings coding;
  private final Context eventLoop = Vertx.currentContext();
  private @Nullable MessageReader reader;
  private Runnable whenOver = () -> {};

  /** Nothing more comes: the client has sent all that it wants to, or has gone. */
  private boolean exhausted;

  private boolean over;

  /** A call is traced or not by the model that its first message asks. */
  private volatile boolean asked;

  /** Set before the end is sent, which may close the stream at once. */
  private String outcome = "gone";

  /**
   * @param coding of the client's compressed messages, which its answers then have, too
   */
  Call(
      HttpServerRequest request,
      Traffic traffic,
      Tracing tracing,
      Arrival arrival,
      Codings coding) {
    this.request = request;
    this.response = request.response();
    this.traffic = traffic;
    this.tracing = tracing;
    this.span = tracing.begin(request);
    this.arrival = arrival;
    this.coding = coding;
    response.closeHandler(gone -> gone());
    // What the client sends beyond the end of the call is read and dropped.
    request.handler(this::arrived);
    request.endHandler(end -> exhausted = true);
    request.exceptionHandler(broken -> gone());
  }

  Arrival arrival() {
    return arrival;
  }

  Codings coding() {
    return coding;
  }

  /** A message of the call asks this model; called on any thread. */
  void asks(String model) {
    if (span != null && !asked) {
      asked = true;
      tracing.choose(span, model);
    }
  }

  /** Adds something to do once, when it was answered or the client has gone. */
  void whenOver(Runnable action) {
    Runnable before = whenOver;
    whenOver =
        () -> {
          before.run();
          action.run();
        };
  }

  /**
   * Begins to read.
   *
   * @param whenComplete called when the client has sent all that it wants to send
   */
  void read(BodyLimits limits, MessageReader.Receiver receiver, Runnable whenComplete) {
    MessageReader messages = new MessageReader(limits, coding, receiver);
    reader = messages;
    request.endHandler(end -> {
      exhausted = true;
      if (over) {
        return;
      }
      if (messages.complete()) {
        whenComplete.run();
      } else {
        fail(Status.INVALID_ARGUMENT, "the stream ends in the middle of a message");
      }
    });
    request.resume();
  }

  private void arrived(Buffer part) {
    if (reader != null && !over) {
      reader.part(part);
      readOn();
    }
  }

  /** Reads what has arrived while the receiver is ready for it, and only then lets more come. */
  void readOn() {
    if (exhausted) {
      return;
    }
    if (reader == null || over || reader.more()) {
      request.resume();
    } else {
      request.pause();
    }
  }

  /** Whether what was sent has not left yet. */
  boolean congested() {
    return response.writeQueueFull();
  }

  /** Called whenever there is room again after {@link #congested}. */
  void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  /** Sends one message of several. */
  void send(byte[] framed) {
    if (!over) {
      begin();
      response.write(Buffer.buffer(framed));
      traffic.leaveWhenDraining(request);
    }
  }

  /** Sends the only message, and ends the call. */
  void answer(byte[] framed, BodyLimits limits) {
    if (!over && !limits.answer(framed.length, () -> end(framed))) {
      fail(Status.RESOURCE_EXHAUSTED, BodyLimits.NOT_READ);
    }
  }

  private Future<Void> end(byte[] framed) {
    begin();
    response.putTrailer(STATUS, OK);
    outcome = Status.OK.name();
    Future<Void> sent = response.end(Buffer.buffer(framed));
    traffic.leaveWhenDraining(request);
    over();
    return sent;
  }

  /** Ends a call that has sent its messages. */
  void complete() {
    if (!over) {
      begin();
      response.putTrailer(STATUS, OK);
      outcome = Status.OK.name();
      response.end();
      traffic.leaveWhenDraining(request);
      over();
    }
  }

  void fail(InferenceException failure) {
    fail(Status.of(failure.code()), String.valueOf(failure.getMessage()));
  }

  void fail(Status status, String why) {
    if (over) {
      return;
    }
    if (status == Status.INTERNAL) {
      log(why);
    }
    String text = Wire.percentEncoded(why);
    if (response.headWritten()) {
      response.putTrailer(STATUS, status.number()).putTrailer(MESSAGE, text);
    } else {
      named();
      response
          .putHeader(CONTENT_TYPE, GRPC)
          .putHeader(STATUS, status.number())
          .putHeader(MESSAGE, text);
    }
    outcome = status.name();
    response.end();
    traffic.leaveWhenDraining(request);
    over();
  }

  /** Leaves a line in the log on what failed in the server or its model; called on any thread. */
  void log(String why) {
    RequestId.failed(LOG, request, why, null);
  }

  /** Runs something on the call's event loop; called on any thread. */
  void onEventLoop(Runnable action) {
    if (Vertx.currentContext() == eventLoop) {
      action.run();
    } else {
      eventLoop.runOnContext(ignored -> action.run());
    }
  }

  private void begin() {
    if (!response.headWritten()) {
      named();
      response.putHeader(CONTENT_TYPE, GRPC);
      if (coding != Codings.IDENTITY) {
        response.putHeader(ENCODING, coding.token());
      }
    }
  }

  /** Names the span of the call to the one who made it. */
  private void named() {
    String header = span == null ? null : span.header();
    if (header != null) {
      response.putHeader(Tracing.TRACE_PARENT, header);
    }
  }

  private void gone() {
    exhausted = true;
    over();
  }

  private void over() {
    if (over) {
      return;
    }
    over = true;
    if (reader != null) {
      reader.close();
    }
    whenOver.run();
    if (span != null) {
      span.end(outcome);
    }
    readOn();
  }
}
