package dev.modelweir.server.grpc;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.LogSettingsResponse;
import dev.modelweir.protocol.grpc.message.ModelConfigRequest;
import dev.modelweir.protocol.grpc.message.ModelConfigResponse;
import dev.modelweir.protocol.grpc.message.ModelMetadataRequest;
import dev.modelweir.protocol.grpc.message.ModelMetadataResponse;
import dev.modelweir.protocol.grpc.message.ModelReadyRequest;
import dev.modelweir.protocol.grpc.message.ModelReadyResponse;
import dev.modelweir.protocol.grpc.message.ModelRepositoryParameter;
import dev.modelweir.protocol.grpc.message.ModelStatisticsRequest;
import dev.modelweir.protocol.grpc.message.ModelStatisticsResponse;
import dev.modelweir.protocol.grpc.message.RepositoryIndexRequest;
import dev.modelweir.protocol.grpc.message.RepositoryIndexResponse;
import dev.modelweir.protocol.grpc.message.RepositoryModelLoadRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelLoadResponse;
import dev.modelweir.protocol.grpc.message.RepositoryModelUnloadRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelUnloadResponse;
import dev.modelweir.protocol.grpc.message.ServerLiveRequest;
import dev.modelweir.protocol.grpc.message.ServerLiveResponse;
import dev.modelweir.protocol.grpc.message.ServerMetadataRequest;
import dev.modelweir.protocol.grpc.message.ServerMetadataResponse;
import dev.modelweir.protocol.grpc.message.ServerReadyRequest;
import dev.modelweir.protocol.grpc.message.ServerReadyResponse;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest;
import dev.modelweir.protocol.grpc.message.TraceSettingResponse;
import dev.modelweir.server.Extensions;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.repository.LoadRequest;
import dev.modelweir.server.repository.ModelRepository;
import dev.modelweir.server.repository.TritonConfig;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.trace.LogSettings;
import dev.modelweir.server.trace.Tracing;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Everything but inference: health, metadata, and what looks after models. Failures are {@link
 * InferenceException}s.
 */
@Singleton
final class ManagementMethods {
  private static final String FILE = "file:";

  private final ModelRepository models;
  private final Traffic traffic;
  private final String version;
  private final Tracing tracing;
  private final LogSettings logging;

  ManagementMethods(
      ModelRepository models,
      Traffic traffic,
      Tracing tracing,
      LogSettings logging,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    this.models = models;
    this.traffic = traffic;
    this.tracing = tracing;
    this.logging = logging;
    this.version = version;
  }

  ServerLiveResponse serverLive(ServerLiveRequest request) {
    return ServerLiveResponse.newBuilder().setLive(true).build();
  }

  ServerReadyResponse serverReady(ServerReadyRequest request) {
    return ServerReadyResponse.newBuilder().setReady(models.ready() && !traffic.draining()).build();
  }

  ModelReadyResponse modelReady(ModelReadyRequest request) {
    return ModelReadyResponse.newBuilder()
        .setReady(answers(request.getName(), request.getVersion()))
        .build();
  }

  /** What does not exist is not ready either: clients ask for models that are still to come. */
  private boolean answers(String name, String version) {
    try {
      return models.answers(name, version);
    } catch (InferenceException e) {
      return false;
    }
  }

  ServerMetadataResponse serverMetadata(ServerMetadataRequest request) {
    return ServerMetadataResponse.newBuilder()
        .setName("modelweir")
        .setVersion(version)
        .addAllExtensions(Extensions.ALL)
        .build();
  }

  CompletionStage<ModelMetadataResponse> modelMetadata(ModelMetadataRequest request) {
    return models
        .metadata(request.getName(), request.getVersion())
        .thenApply(ManagementMethods::message);
  }

  private static ModelMetadataResponse message(ModelMetadata metadata) {
    return ModelMetadataResponse.newBuilder()
        .setName(metadata.name())
        .addAllVersions(metadata.versions())
        .setPlatform(metadata.platform())
        .addAllInputs(tensors(metadata.inputs()))
        .addAllOutputs(tensors(metadata.outputs()))
        .build();
  }

  private static List<ModelMetadataResponse.TensorMetadata> tensors(List<TensorSpec> specs) {
    return specs.stream().map(ManagementMethods::tensor).toList();
  }

  private static ModelMetadataResponse.TensorMetadata tensor(TensorSpec spec) {
    var tensor =
        ModelMetadataResponse.TensorMetadata.newBuilder()
            .setName(spec.name())
            .setDatatype(spec.type().name());
    for (int i = 0; i < spec.shape().rank(); i++) {
      tensor.addShape(spec.shape().dim(i));
    }
    return tensor.build();
  }

  CompletionStage<ModelConfigResponse> modelConfig(ModelConfigRequest request) {
    return models
        .whenServed(request.getName(), request.getVersion(), Arrival.now())
        .thenApply(served ->
            ModelConfigResponse.newBuilder()
                .setConfig(ConfigMessages.of(TritonConfig.of(served)))
                .build());
  }

  ModelStatisticsResponse modelStatistics(ModelStatisticsRequest request) {
    String name = request.getName();
    String wanted = request.getVersion();
    if (!name.isEmpty()) {
      models.require(name, wanted);
    }
    ModelStatisticsResponse.Builder all = ModelStatisticsResponse.newBuilder();
    models
        .all()
        .filter(served -> name.isEmpty() || served.name().equals(name))
        .filter(served -> wanted.isEmpty() || served.version().equals(wanted))
        .forEach(served -> all.addModelStats(StatisticsMessages.of(served)));
    return all.build();
  }

  RepositoryIndexResponse repositoryIndex(RepositoryIndexRequest request) {
    RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
    for (ModelRepository.Entry entry : models.index()) {
      if (!request.getReady() || entry.state() == ModelRepository.State.READY) {
        index.addModels(
            RepositoryIndexResponse.ModelIndex.newBuilder()
                .setName(entry.name())
                .setVersion(entry.version())
                .setState(entry.state().name())
                .setReason(entry.reason()));
      }
    }
    return index.build();
  }

  CompletionStage<RepositoryModelLoadResponse> repositoryModelLoad(
      RepositoryModelLoadRequest request) {
    String config = null;
    Map<String, byte[]> files = new HashMap<>();
    for (Map.Entry<String, ModelRepositoryParameter> parameter :
        request.getParametersMap().entrySet()) {
      String name = parameter.getKey();
      if (name.startsWith(FILE)) {
        files.put(name.substring(FILE.length()), bytes(name, parameter.getValue()).toByteArray());
      } else if (name.equals("config")) {
        config = text(name, parameter.getValue());
      }
    }
    return models
        .load(request.getModelName(), new LoadRequest(config, files))
        .thenApply(loaded -> RepositoryModelLoadResponse.getDefaultInstance());
  }

  private static ByteString bytes(String name, ModelRepositoryParameter value) {
    if (!value.hasBytesParam()) {
      throw InferenceException.invalid("parameter \"%s\" must be bytes", name);
    }
    return value.getBytesParam();
  }

  private static String text(String name, ModelRepositoryParameter value) {
    if (!value.hasStringParam()) {
      throw InferenceException.invalid("parameter \"%s\" must be a string", name);
    }
    return value.getStringParam();
  }

  CompletionStage<RepositoryModelUnloadResponse> repositoryModelUnload(
      RepositoryModelUnloadRequest request) {
    return models
        .unload(request.getModelName())
        .thenApply(unloaded -> RepositoryModelUnloadResponse.getDefaultInstance());
  }

  TraceSettingResponse traceSetting(TraceSettingRequest request) {
    return SettingMessages.of(
        tracing.change(request.getModelName(), SettingMessages.changes(request)));
  }

  LogSettingsResponse logSettings(LogSettingsRequest request) {
    return SettingMessages.ofLog(logging.change(SettingMessages.changes(request)));
  }
}
