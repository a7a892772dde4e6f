package dev.modelweir.server.grpc;

import dev.modelweir.protocol.grpc.message.DataType;
import dev.modelweir.protocol.grpc.message.ModelConfig;
import dev.modelweir.protocol.grpc.message.ModelDynamicBatching;
import dev.modelweir.protocol.grpc.message.ModelInput;
import dev.modelweir.protocol.grpc.message.ModelInstanceGroup;
import dev.modelweir.protocol.grpc.message.ModelOutput;
import dev.modelweir.protocol.grpc.message.ModelQueuePolicy;
import dev.modelweir.protocol.grpc.message.ModelVersionPolicy;
import dev.modelweir.server.repository.TritonConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Turns the document that {@link TritonConfig} makes into the message of the same fields. */
final class ConfigMessages {
  private ConfigMessages() {}

  static ModelConfig of(JsonObject document) {
    ModelConfig.Builder config =
        ModelConfig.newBuilder()
            .setName(document.getString("name"))
            .setPlatform(document.getString("platform"))
            .setBackend(document.getString("backend"))
            .setVersionPolicy(versions(document.getJsonObject("version_policy")))
            .setMaxBatchSize(document.getInteger("max_batch_size"));
    objects(document, "input")
        .forEach(input ->
            config.addInput(
                ModelInput.newBuilder()
                    .setName(input.getString("name"))
                    .setDataType(DataType.valueOf(input.getString("data_type")))
                    .addAllDims(longs(input, "dims"))));
    objects(document, "output")
        .forEach(output ->
            config.addOutput(
                ModelOutput.newBuilder()
                    .setName(output.getString("name"))
                    .setDataType(DataType.valueOf(output.getString("data_type")))
                    .addAllDims(longs(output, "dims"))));
    objects(document, "instance_group")
        .forEach(group ->
            config.addInstanceGroup(
                ModelInstanceGroup.newBuilder()
                    .setName(group.getString("name"))
                    .setKind(ModelInstanceGroup.Kind.valueOf(group.getString("kind")))
                    .setCount(group.getInteger("count"))));
    JsonObject batching = document.getJsonObject("dynamic_batching");
    if (batching != null) {
      config.setDynamicBatching(batching(batching));
    }
    return config.build();
  }

  private static ModelVersionPolicy versions(JsonObject policy) {
    ModelVersionPolicy.Builder versions = ModelVersionPolicy.newBuilder();
    if (policy.containsKey("all")) {
      return versions.setAll(ModelVersionPolicy.All.getDefaultInstance()).build();
    }
    JsonObject specific = policy.getJsonObject("specific");
    if (specific != null) {
      return versions
          .setSpecific(
              ModelVersionPolicy.Specific.newBuilder().addAllVersions(longs(specific, "versions")))
          .build();
    }
    int latest = policy.getJsonObject("latest").getInteger("num_versions");
    return versions
        .setLatest(ModelVersionPolicy.Latest.newBuilder().setNumVersions(latest))
        .build();
  }

  private static ModelDynamicBatching batching(JsonObject batching) {
    JsonObject queue = batching.getJsonObject("default_queue_policy");
    return ModelDynamicBatching.newBuilder()
        .setMaxQueueDelayMicroseconds(batching.getLong("max_queue_delay_microseconds"))
        .setPriorityLevels(batching.getLong("priority_levels"))
        .setDefaultPriorityLevel(batching.getLong("default_priority_level"))
        .setDefaultQueuePolicy(
            ModelQueuePolicy.newBuilder()
                .setMaxQueueSize(queue.getInteger("max_queue_size"))
                .setTimeoutAction(
                    ModelQueuePolicy.TimeoutAction.valueOf(queue.getString("timeout_action")))
                .setAllowTimeoutOverride(queue.getBoolean("allow_timeout_override"))
                .setDefaultTimeoutMicroseconds(queue.getLong("default_timeout_microseconds")))
        .build();
  }

  private static Stream<JsonObject> objects(JsonObject parent, String field) {
    JsonArray array = parent.getJsonArray(field);
    return Stream.iterate(0, i -> i + 1).limit(array.size()).map(array::getJsonObject);
  }

  private static List<Long> longs(JsonObject parent, String field) {
    JsonArray array = parent.getJsonArray(field);
    return LongStream.range(0, array.size()).mapToObj(i -> array.getLong((int) i)).toList();
  }
}
