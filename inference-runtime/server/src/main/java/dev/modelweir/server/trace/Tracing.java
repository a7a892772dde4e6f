package dev.modelweir.server.trace;

import dev.modelweir.server.http.JsonBodies;
import dev.modelweir.server.repository.ModelRepository;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line in the log for each request that is traced, with its trace and its id, and Triton's
 * settings of which requests these are. A request that brings W3C trace context gets its own span
 * back in the answer, traced or not.
 */
@Singleton
public final class Tracing {
  /** The header that names a request's span to the one that it calls, and in the answer. */
  public static final String TRACE_PARENT = "traceparent";

  private final ModelRepository models;

  /** Stands for all models where a model's name could be. */
  private static final String ALL = "";

  /** By model; what is open altogether is not kept. */
  private final Map<String, TraceSetting> settings = new TreeMap<>();

  private volatile Samplers samplers =
      new Samplers(Map.of(ALL, new Sampler(TraceSetting.DEFAULTS)));

  /** By model as well, but only of those that have settings of their own. */
  private record Samplers(Map<String, Sampler> each, boolean on) {
    Samplers(Map<String, Sampler> each) {
      this(each, each.values().stream().anyMatch(Sampler::on));
    }

    Sampler of(String model) {
      Sampler own = each.get(model);
      return own == null ? Objects.requireNonNull(each.get(ALL)) : own;
    }

    /** The others go on counting, unless they follow what changed. */
    Samplers after(String changed, Map<String, TraceSetting> settings) {
      TraceSetting global =
          settings.getOrDefault(ALL, TraceSetting.OPEN).over(TraceSetting.DEFAULTS);
      Map<String, TraceSetting> wanted = new TreeMap<>(settings);
      wanted.replaceAll((model, setting) -> setting.over(global));
      wanted.put(ALL, global);
      Map<String, Sampler> next = new TreeMap<>();
      wanted.forEach((model, setting) -> {
        Sampler before = each.get(model);
        boolean stays =
            before != null && before.setting().equals(setting) && !model.equals(changed);
        next.put(model, stays ? before : new Sampler(setting));
      });
      return new Samplers(next);
    }
  }

  Tracing(ModelRepository models) {
    this.models = models;
  }

  /** Sees each request of REST before it is answered. */
  public void begin(RoutingContext context) {
    Span span = begin(context.request());
    if (span == null) {
      return;
    }
    String model = ModelPath.inferredBy(context.request().path());
    if (model != null) {
      choose(span, model);
    }
    String header = span.header();
    if (header != null) {
      context.response().putHeader(TRACE_PARENT, header);
    }
    if (span.logged()) {
      context.addEndHandler(
          over -> span.end(over.succeeded() ? "" + context.response().getStatusCode() : "gone"));
    }
  }

  /** The span of a request; null, at next to no cost, for one that needs none. */
  public @Nullable Span begin(HttpServerRequest request) {
    String header = request.getHeader(TRACE_PARENT);
    return header != null || samplers.on() || Span.always()
        ? new Span(request, TraceContext.of(header).orElse(null))
        : null;
  }

  /**
   * Decides by the settings of the model that a request asks whether it leaves a line.
   *
   * @param model empty for one that is not known
   */
  public void choose(Span span, String model) {
    span.chooseBy(samplers.of(model));
  }

  /** {@code GET /v2[/models/NAME]/trace/setting}. */
  public void show(RoutingContext context) {
    answer(context, new JsonObject());
  }

  /** {@code POST /v2[/models/NAME]/trace/setting}. */
  public void change(RoutingContext context) {
    answer(context, JsonBodies.object(context));
  }

  private void answer(RoutingContext context, JsonObject changes) {
    String model = context.pathParam("model");
    JsonObject now = change(model == null ? ALL : model, changes);
    JsonBodies.send(context, 200, now.toBuffer().getBytes());
  }

  /**
   * Changes what is named, all of it or nothing.
   *
   * @param model whose requests are meant, which must be there, so that settings stay few; empty
   *     for those of all models
   * @return the settings of that model as they are now
   * @throws dev.modelweir.protocol.InferenceException for an unknown model, or a value that is
   *     wrong or that this server does not have
   */
  public JsonObject change(String model, JsonObject changes) {
    if (!model.isEmpty()) {
      models.check(model, null);
    }
    synchronized (settings) {
      TraceSetting before = settings.getOrDefault(model, TraceSetting.OPEN);
      TraceSetting after = before.with(changes);
      if (!after.equals(before)) {
        if (after.equals(TraceSetting.OPEN)) {
          settings.remove(model);
        } else {
          settings.put(model, after);
        }
        samplers = samplers.after(model, settings);
      }
      return samplers.of(model).document();
    }
  }
}
