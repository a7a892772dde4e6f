package dev.modelweir.server.repository;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.engine.Device;
import dev.modelweir.server.schedule.QueuePolicy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How a version is served, as Triton's model configuration document says it. */
public final class TritonConfig {
  private static final String CPU = new Device.Cpu().provider();

  private TritonConfig() {}

  public static JsonObject of(ServedVersion served) {
    QueuePolicy queue = served.config().queue();
    boolean batches = served.tuning().maxRows() > 1;
    JsonObject config =
        new JsonObject()
            .put("name", served.name())
            .put("platform", served.metadata().platform())
            .put("backend", "onnxruntime")
            .put("version_policy", versions(served.config().versions()))
            .put("max_batch_size", batches ? served.tuning().maxRows() : 0)
            .put("input", tensors(served.metadata().inputs(), batches))
            .put("output", tensors(served.metadata().outputs(), batches))
            .put(
                "instance_group",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", served.name())
                            .put("kind", kind(served))
                            .put("count", served.tuning().instances())));
    if (batches) {
      config.put(
          "dynamic_batching",
          new JsonObject()
              .put("max_queue_delay_microseconds", micros(queue.maxDelay().toNanos()))
              .put("priority_levels", queue.priorities())
              .put("default_priority_level", queue.defaultPriority())
              .put(
                  "default_queue_policy",
                  new JsonObject()
                      .put("max_queue_size", queue.maxQueueSize())
                      .put("timeout_action", "REJECT")
                      .put("allow_timeout_override", true)
                      .put(
                          "default_timeout_microseconds",
                          micros(queue.defaultTimeout().toNanos()))));
    }
    return config;
  }

  private static String kind(ServedVersion served) {
    return served.operators().keySet().stream().allMatch(CPU::equals) ? "KIND_CPU" : "KIND_GPU";
  }

  private static long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  private static JsonObject versions(ModelConfig.VersionPolicy policy) {
    return switch (policy) {
      case ModelConfig.VersionPolicy.Latest(int count) ->
          new JsonObject().put("latest", new JsonObject().put("num_versions", count));
      case ModelConfig.VersionPolicy.All() -> new JsonObject().put("all", new JsonObject());
      case ModelConfig.VersionPolicy.Specific(List<Long> wanted) ->
          new JsonObject().put("specific", new JsonObject().put("versions", new JsonArray(wanted)));
    };
  }

  /** With batches the first extent is the batch, which Triton leaves out. */
  private static JsonArray tensors(List<TensorSpec> specs, boolean batches) {
    JsonArray tensors = new JsonArray();
    for (TensorSpec spec : specs) {
      JsonArray dims = new JsonArray();
      for (int i = batches ? 1 : 0; i < spec.shape().rank(); i++) {
        dims.add(spec.shape().dim(i));
      }
      tensors.add(
          new JsonObject()
              .put("name", spec.name())
              .put(
                  "data_type",
                  spec.type() == DataType.BYTES ? "TYPE_STRING" : "TYPE_" + spec.type())
              .put("dims", dims));
    }
    return tensors;
  }
}
