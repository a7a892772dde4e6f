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
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * One line in the log for each request that is traced, with its trace and its id, and Triton's
 * settings of which requests these are. A request that brings W3C trace context gets its own span
 * back in the answer, traced or not.
 */
@Singleton
public final class Tracing {
  private static final Logger LOG = Logger.getLogger(Tracing.class);

  private static final String TRACE_PARENT = "traceparent";
  private static final String REQUEST_ID = "X-Request-Id";
  private static final int LONGEST = 200;

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

  /** Sees each request before it is answered; costs next to nothing when it is not traced. */
  public void begin(RoutingContext context) {
    String header = context.request().getHeader(TRACE_PARENT);
    if (header != null || samplers.on() || LOG.isDebugEnabled()) {
      begin(context, TraceContext.of(header).orElse(null));
    }
  }

  private void begin(RoutingContext context, @Nullable TraceContext given) {
    HttpServerRequest request = context.request();
    String model = ModelPath.inferredBy(request.path());
    boolean chosen = model != null && samplers.of(model).take(given != null && given.sampled());
    boolean traced = chosen || LOG.isDebugEnabled();
    if (given == null && !traced) {
      return;
    }
    TraceContext trace = given == null ? TraceContext.begin(chosen) : given;
    context.response().putHeader(TRACE_PARENT, trace.header());
    if (traced) {
      String requestId = shortened(request.getHeader(REQUEST_ID));
      String line = request.method() + " " + shortened(request.path());
      long start = System.nanoTime();
      context.addEndHandler(over -> {
        String outcome = over.succeeded() ? "" + context.response().getStatusCode() : "gone";
        long micros = (System.nanoTime() - start) / 1000;
        log(chosen, "%s %s after %d us".formatted(line, outcome, micros), trace, requestId);
      });
    }
  }

  private static void log(
      boolean chosen, String message, TraceContext trace, @Nullable String requestId) {
    MDC.put("traceId", trace.traceId());
    MDC.put("spanId", trace.spanId());
    try {
      if (trace.parentId() != null) {
        MDC.put("parentId", trace.parentId());
      }
      if (requestId != null) {
        MDC.put("requestId", requestId);
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
      MDC.remove("requestId");
    }
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
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
