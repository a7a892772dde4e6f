package dev.modelweir.server.http;

import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.rest.RestCodec;
import dev.modelweir.protocol.rest.RestCodec.Encoded;
import dev.modelweir.server.engine.TensorBudget;
import dev.modelweir.server.engine.TensorMemory;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ServedVersion;
import dev.modelweir.server.schedule.Completion;
import dev.modelweir.server.schedule.Unread;
import dev.modelweir.server.schedule.Workers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/models/NAME/infer}. */
@Singleton
final class InferRoute {
  static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private static final Logger LOG = Logger.getLogger(InferRoute.class);

  private static final String MODELS = "/v2/models/";
  private static final String VERSIONS = "/versions/";
  private static final String INFER = "/infer";

  private final RestCodec codec = new RestCodec();
  private final ModelRepository models;
  private final Workers workers;
  private final Replies replies;
  private final Traffic traffic;
  private final BodyLimits limits;

  InferRoute(
      BodyLimits limits,
      ModelRepository models,
      Workers workers,
      Replies replies,
      Traffic traffic) {
    this.models = models;
    this.workers = workers;
    this.replies = replies;
    this.traffic = traffic;
    this.limits = limits;
  }

  /**
   * Takes an inference before any other route looks at it: matching patterns would cost more than
   * reading a small request does.
   */
  void handleFirst(RoutingContext context) {
    String path = context.request().path();
    if (context.request().method() == HttpMethod.POST
        && path != null
        && path.startsWith(MODELS)
        && path.endsWith(INFER)
        && path.indexOf('%') < 0) {
      int end = path.length() - INFER.length();
      int slash = path.indexOf('/', MODELS.length());
      if (slash == end) {
        handle(context, path.substring(MODELS.length(), end), null);
        return;
      }
      if (path.startsWith(VERSIONS, slash) && path.indexOf('/', slash + VERSIONS.length()) == end) {
        handle(
            context,
            path.substring(MODELS.length(), slash),
            path.substring(slash + VERSIONS.length(), end));
        return;
      }
    }
    context.next();
  }

  void handle(RoutingContext context) {
    handle(context, context.pathParam("model"), context.pathParam("version"));
  }

  private void handle(RoutingContext context, String name, @Nullable String version) {
    // What is refused here is not counted: a made-up name must not become a label.
    Optional<ServedVersion> served = models.check(name, version);
    Exchange exchange = new Exchange(context, replies, traffic, served);
    // What will not be answered costs least when nothing of it but its head is looked at.
    Optional<InferenceException> refusal = served.flatMap(it -> it.refusal(exchange.arrival()));
    if (refusal.isPresent()) {
      exchange.refuse(refusal.get());
      return;
    }
    HttpServerRequest request = context.request();
    Codings coding = Codings.named(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    String jsonLength = request.getHeader(JSON_LENGTH);
    if (coding == null) {
      exchange.refuse(
          415,
          Code.UNSUPPORTED,
          "content encoding \"%s\" is not supported; send gzip, deflate, or the body as it is"
              .formatted(request.getHeader(HttpHeaders.CONTENT_ENCODING)));
      return;
    }
    String wrongMedia = unsupportedMedia(request, jsonLength != null);
    if (wrongMedia != null) {
      exchange.refuse(415, Code.UNSUPPORTED, wrongMedia);
      return;
    }
    Inference inference =
        new Inference(
            name, version, coding, jsonLength, request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    new Body(limits, exchange, request)
        .read(body -> take(new Answer(exchange, inference, body), served));
  }

  /** Reads the body where it suits its size; one that waits for that may be refused before. */
  private void take(Answer answer, Optional<ServedVersion> served) {
    int length = answer.body.length();
    boolean packed = answer.inference.coding() != Codings.IDENTITY;
    Unread unread = Unread.NONE;
    if (served.isPresent() && !workers.atOnce(length, packed)) {
      try {
        unread = served.get().hold(length, answer.exchange.arrival());
      } catch (InferenceException e) {
        answer.body.close();
        answer.exchange.refuse(e);
        return;
      }
    }
    Unread held = unread;
    workers.execute(length, packed, () -> answer.beginWhenReadable(held));
  }

  /** What the request's line and headers say. */
  private record Inference(
      String name,
      @Nullable String version,
      Codings coding,
      @Nullable String jsonLength,
      @Nullable String accepted) {}

  /** Takes one complete body to its answer. */
  private final class Answer implements Completion {
    private final Exchange exchange;
    private final Inference inference;
    private final BodyLimits.Received body;
    private final Context eventLoop = Vertx.currentContext();
    private final TensorMemory memory = new TensorMemory(TensorBudget.OF_PROCESS);
    private @Nullable InferRequest request;
    private Runnable send = () -> {};

    Answer(Exchange exchange, Inference inference, BodyLimits.Received body) {
      this.exchange = exchange;
      this.inference = inference;
      this.body = body;
    }

    /** A raw request is read by the signature of its model, which may have to come back first. */
    void beginWhenReadable(Unread unread) {
      String announced = inference.jsonLength();
      if (announced == null || !announced.strip().equals("0")) {
        begin(unread);
        return;
      }
      try {
        CompletableFuture<ServedVersion> served =
            models.whenServed(inference.name(), inference.version(), exchange.arrival());
        if (served.isDone()) {
          begin(unread);
        } else {
          served.whenCompleteAsync((there, failure) -> begin(unread), workers::execute);
        }
      } catch (InferenceException e) {
        unread.close();
        body.close();
        memory.close();
        onEventLoop(() -> exchange.refuse(e));
      }
    }

    private void begin(Unread unread) {
      try {
        InferRequest decoded;
        try (body;
            unread) {
          if (exchange.over()) {
            memory.close();
            return;
          }
          unread.begin();
          decoded = decode(inference.coding().decode(body.bytes(), limits.perRequest()));
          unread.read();
        }
        request = decoded;
        exchange.handedOver(
            models.submit(
                inference.name(), inference.version(), decoded, exchange.arrival(), this));
      } catch (InferenceException e) {
        memory.close();
        onEventLoop(() -> exchange.refuse(e));
      } catch (RuntimeException | OutOfMemoryError e) {
        memory.close();
        LOG.error("a request failed in the server", e);
        onEventLoop(
            () -> exchange.refuse(500, Code.INTERNAL, "internal error; see the server's log"));
      }
    }

    private InferRequest decode(Bytes plain) {
      String announced = inference.jsonLength();
      if (announced == null) {
        return codec.decode(plain, plain.length(), memory);
      }
      int length = jsonLength(announced, plain.length());
      return length == 0
          ? codec.decodeRaw(
              plain, models.require(inference.name(), inference.version()).metadata(), memory)
          : codec.decode(plain, length, memory);
    }

    @Override
    public void succeeded(InferResponse response) {
      Encoded plain = codec.encode(request(), response);
      Codings coding = Codings.accepted(inference.accepted(), plain.bytes().length);
      Encoded sent = new Encoded(coding.encode(plain.bytes()), plain.jsonLength());
      memory.close();
      send = () -> exchange.succeed(sent, coding);
    }

    @Override
    public void send() {
      onEventLoop(send);
    }

    @Override
    public void failed(InferenceException failure) {
      memory.close();
      onEventLoop(() -> exchange.fail(failure));
    }

    private InferRequest request() {
      if (request == null) {
        throw new IllegalStateException("answered before it was read");
      }
      return request;
    }

    private void onEventLoop(Runnable action) {
      if (Vertx.currentContext() == eventLoop) {
        action.run();
      } else {
        eventLoop.runOnContext(ignored -> action.run());
      }
    }
  }

  private static int jsonLength(String header, int bodyLength) {
    try {
      int length = Integer.parseInt(header.strip());
      if (length >= 0 && length <= bodyLength) {
        return length;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw InferenceException.invalid(
        "%s is \"%s\"; it must be between 0 and the %d bytes of the body",
        JSON_LENGTH, header, bodyLength);
  }

  /** What is wrong with the type that the body claims to have, or null. */
  private static @Nullable String unsupportedMedia(HttpServerRequest request, boolean binary) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || mediaType(type).equals("application/json")) {
      return null;
    }
    if (binary) {
      return null; // clients send application/octet-stream, and others what their library adds
    }
    return "content type \"" + type + "\" is not supported; send application/json";
  }

  private static String mediaType(String header) {
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
