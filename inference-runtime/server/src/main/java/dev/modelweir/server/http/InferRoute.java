package dev.modelweir.server.http;

import dev.modelweir.protocol.InferCodec;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.InferResponse;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.json.JsonInferCodec;
import dev.modelweir.server.Models;
import dev.modelweir.server.ServerConfig;
import dev.modelweir.server.engine.OnnxModel;
import dev.modelweir.server.engine.Workers;
import dev.modelweir.server.http.Measurements.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/models/NAME/infer}: body on the event loop, everything else on a worker. */
@Singleton
final class InferRoute {
  private static final Logger LOG = Logger.getLogger(InferRoute.class);

  private final InferCodec codec = new JsonInferCodec();
  private final Models models;
  private final Workers workers;
  private final Replies replies;
  private final Traffic traffic;
  private final Measurements measurements;
  private final BodyLimits limits;

  InferRoute(
      ServerConfig config,
      Models models,
      Workers workers,
      Replies replies,
      Traffic traffic,
      Measurements measurements) {
    this.models = models;
    this.workers = workers;
    this.replies = replies;
    this.traffic = traffic;
    this.measurements = measurements;
    this.limits = BodyLimits.of(config.maxBodySize().asLongValue());
  }

  void handle(RoutingContext context) {
    OnnxModel model;
    try {
      model = models.require(context.pathParam("model"), context.pathParam("version"));
    } catch (InferenceException e) {
      // Not counted: a made-up name must not become a label, and a loading model has no traffic.
      replies.error(context, e);
      return;
    }
    Exchange exchange = new Exchange(context, replies, traffic, measurements);
    String wrongMedia = unsupported(context.request());
    if (wrongMedia != null) {
      exchange.fail(415, Outcome.INVALID, wrongMedia);
      return;
    }
    new Body(limits, exchange).read(context.request(), body -> submit(model, body, exchange));
  }

  private void submit(OnnxModel model, BodyLimits.Received body, Exchange exchange) {
    Context eventLoop = Vertx.currentContext();
    boolean taken =
        workers.offer(() -> {
          try (body) {
            if (!exchange.over()) {
              Consumer<Exchange> answer = answer(model, body.bytes());
              eventLoop.runOnContext(back -> answer.accept(exchange));
            }
          }
        });
    if (!taken) {
      body.close();
      exchange.fail(503, Outcome.OVERLOADED, "too many requests are waiting; try again later");
    }
  }

  private Consumer<Exchange> answer(OnnxModel model, byte[] body) {
    try (Arena memory = Arena.ofConfined()) {
      TensorAllocator allocator =
          bytes -> memory.allocate(bytes, Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder());
      InferRequest request = codec.decode(body, allocator);
      List<Tensor> outputs = model.infer(request);
      byte[] document =
          codec.encode(
              new InferResponse(
                  model.metadata().name(),
                  model.metadata().versions().getFirst(),
                  request.id(),
                  outputs));
      return exchange -> exchange.succeed(document);
    } catch (InferenceException e) {
      return exchange -> exchange.fail(e);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("an inference failed in the server", e);
      return exchange -> exchange.fail(500, Outcome.ERROR, "internal error; see the server's log");
    }
  }

  /** What is wrong with the way the body is sent, or null. */
  private static @Nullable String unsupported(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return "content encoding \"" + encoding + "\" is not supported; send the body as it is";
    }
    if (request.getHeader("Inference-Header-Content-Length") != null) {
      return "binary tensor data is not supported; send the tensors as JSON";
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || mediaType(type).equals("application/json")) {
      return null;
    }
    return "content type \"" + type + "\" is not supported; send application/json";
  }

  private static String mediaType(String header) {
    int end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }
}
