package dev.modelweir.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.server.metrics.ModelStatistics;
import dev.modelweir.server.metrics.ModelStatistics.Total;
import dev.modelweir.server.repository.LoadRequest;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.ServedVersion;
import dev.modelweir.server.repository.TritonConfig;
import dev.modelweir.server.schedule.Arrival;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The extensions that look after models rather than use them: repository, statistics, model
 * configuration. Documents are those of Triton.
 */
@Singleton
final class ManagementRoutes {
  private static final String FILE = "file:";

  private static final Function<Void, byte[]> NOTHING = done -> "{}".getBytes(US_ASCII);

  private final ModelRepository models;
  private final Replies replies;

  ManagementRoutes(ModelRepository models, Replies replies) {
    this.models = models;
    this.replies = replies;
  }

  /** {@code POST /v2/repository/index}. */
  void index(RoutingContext context) {
    boolean onlyReady = Boolean.TRUE.equals(JsonBodies.object(context).getValue("ready"));
    JsonArray entries = new JsonArray();
    for (ModelRepository.Entry entry : models.index()) {
      if (!onlyReady || entry.state() == ModelRepository.State.READY) {
        JsonObject line = new JsonObject().put("name", entry.name());
        if (!entry.version().isEmpty()) {
          line.put("version", entry.version());
        }
        entries.add(line.put("state", entry.state().name()).put("reason", entry.reason()));
      }
    }
    send(context, entries.toBuffer());
  }

  /** {@code POST /v2/repository/models/NAME/load}. */
  void load(RoutingContext context) {
    LoadRequest request;
    try {
      request = loadRequest(JsonBodies.object(context));
    } catch (ClassCastException e) {
      throw InferenceException.invalid(
          "\"parameters\" must be an object of strings: config and file:VERSION/FILE");
    }
    replies.later(context, models.load(context.pathParam("model"), request).thenApply(NOTHING));
  }

  private static LoadRequest loadRequest(JsonObject body) {
    JsonObject parameters = body.getJsonObject("parameters", new JsonObject());
    Map<String, byte[]> files = new HashMap<>();
    for (String name : parameters.fieldNames()) {
      if (name.startsWith(FILE)) {
        files.put(name.substring(FILE.length()), base64(name, parameters.getString(name)));
      }
    }
    return new LoadRequest(parameters.getString("config"), files);
  }

  /** {@code POST /v2/repository/models/NAME/unload}. */
  void unload(RoutingContext context) {
    replies.later(context, models.unload(context.pathParam("model")).thenApply(NOTHING));
  }

  private static byte[] base64(String parameter, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw InferenceException.invalid("parameter \"%s\" is not base64", parameter);
    }
  }

  /** {@code GET …/config}. */
  void config(RoutingContext context) {
    String name = context.pathParam("model");
    replies.later(
        context,
        models
            .whenServed(name, context.pathParam("version"), Arrival.now())
            .thenApply(served -> TritonConfig.of(served).toBuffer().getBytes()));
  }

  /** {@code GET …/stats}, of one version, one model or all. */
  void statistics(RoutingContext context) {
    String name = context.pathParam("model");
    String version = context.pathParam("version");
    if (name != null) {
      models.require(name, version);
    }
    JsonArray all = new JsonArray();
    models
        .all()
        .filter(served -> name == null || served.name().equals(name))
        .filter(served -> version == null || served.version().equals(version))
        .forEach(served -> all.add(statistics(served)));
    send(context, new JsonObject().put("model_stats", all).toBuffer());
  }

  private static JsonObject statistics(ServedVersion served) {
    ModelStatistics of = served.statistics();
    JsonArray batches = new JsonArray();
    of.batches()
        .forEach((size, batch) ->
            batches.add(
                new JsonObject()
                    .put("batch_size", size)
                    .put("compute_input", total(batch.runs().sum(), batch.inputNanos().sum()))
                    .put("compute_infer", total(batch.runs().sum(), batch.inferNanos().sum()))
                    .put("compute_output", total(batch.runs().sum(), 0))));
    return new JsonObject()
        .put("name", served.name())
        .put("version", served.version())
        .put("last_inference", of.lastInference())
        .put("inference_count", of.inferences())
        .put("execution_count", of.executions())
        .put(
            "inference_stats",
            new JsonObject()
                .put("success", total(of.success()))
                .put("fail", total(of.failure()))
                .put("queue", total(of.queue()))
                .put("compute_input", total(of.computeInput()))
                .put("compute_infer", total(of.computeInfer()))
                .put("compute_output", total(of.computeOutput()))
                .put("cache_hit", total(0, 0))
                .put("cache_miss", total(0, 0)))
        .put("batch_stats", batches)
        .put(
            "memory_usage",
            List.of(
                new JsonObject().put("type", "CPU").put("id", 0).put("byte_size", served.bytes())));
  }

  private static JsonObject total(Total total) {
    return total(total.count(), total.nanos());
  }

  private static JsonObject total(long count, long nanos) {
    return new JsonObject().put("count", count).put("ns", nanos);
  }

  private void send(RoutingContext context, Buffer document) {
    replies.json(context, 200, document.getBytes());
  }
}
