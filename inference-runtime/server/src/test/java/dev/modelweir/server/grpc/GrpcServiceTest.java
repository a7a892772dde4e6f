package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.modelweir.protocol.grpc.message.DataType;
import dev.modelweir.protocol.grpc.message.InferParameter;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.LogSettingsResponse;
import dev.modelweir.protocol.grpc.message.ModelConfig;
import dev.modelweir.protocol.grpc.message.ModelConfigRequest;
import dev.modelweir.protocol.grpc.message.ModelConfigResponse;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.grpc.message.ModelInferResponse;
import dev.modelweir.protocol.grpc.message.ModelMetadataRequest;
import dev.modelweir.protocol.grpc.message.ModelMetadataResponse;
import dev.modelweir.protocol.grpc.message.ModelReadyRequest;
import dev.modelweir.protocol.grpc.message.ModelReadyResponse;
import dev.modelweir.protocol.grpc.message.ModelRepositoryParameter;
import dev.modelweir.protocol.grpc.message.ModelStatistics;
import dev.modelweir.protocol.grpc.message.ModelStatisticsRequest;
import dev.modelweir.protocol.grpc.message.ModelStatisticsResponse;
import dev.modelweir.protocol.grpc.message.RepositoryIndexRequest;
import dev.modelweir.protocol.grpc.message.RepositoryIndexResponse;
import dev.modelweir.protocol.grpc.message.RepositoryIndexResponse.ModelIndex;
import dev.modelweir.protocol.grpc.message.RepositoryModelLoadRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelLoadResponse;
import dev.modelweir.protocol.grpc.message.RepositoryModelUnloadRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelUnloadResponse;
import dev.modelweir.protocol.grpc.message.ServerLiveRequest;
import dev.modelweir.protocol.grpc.message.ServerLiveResponse;
import dev.modelweir.protocol.grpc.message.ServerMetadataRequest;
import dev.modelweir.protocol.grpc.message.ServerMetadataResponse;
import dev.modelweir.protocol.grpc.message.SystemSharedMemoryStatusRequest;
import dev.modelweir.protocol.grpc.message.SystemSharedMemoryStatusResponse;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest;
import dev.modelweir.protocol.grpc.message.TraceSettingResponse;
import dev.modelweir.server.TestModels;
import io.grpc.CallOptions;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All methods as a client sees them, on a real port with real models. */
@QuarkusTest
@TestProfile(GrpcServiceTest.Small.class)
public class GrpcServiceTest {
  public static final class Small extends ServedModels {
    public Small() {
      super(Map.of("modelweir.max-body-size", "64K"));
    }
  }

  private static final ModelInferResponse ANSWER = ModelInferResponse.getDefaultInstance();

  private final GrpcClient client = ServedModels.client();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void saysWhetherItIsThere() {
    assertThat(
            client
                .call(
                    "ServerLive",
                    ServerLiveRequest.getDefaultInstance(),
                    ServerLiveResponse.getDefaultInstance())
                .getLive())
        .isTrue();
    assertThat(ready("iris", "")).isTrue();
    assertThat(ready("iris", "1")).isTrue();
    assertThat(ready("corrupt", "")).isFalse();
    assertThat(ready("rose", "")).isFalse();
    assertThat(ready("iris", "2")).isFalse();
  }

  @Test
  void describesItselfAndItsModels() {
    ServerMetadataResponse server =
        client.call(
            "ServerMetadata",
            ServerMetadataRequest.getDefaultInstance(),
            ServerMetadataResponse.getDefaultInstance());
    assertThat(server.getName()).isEqualTo("modelweir");
    assertThat(server.getVersion()).isNotEmpty();
    assertThat(server.getExtensionsList()).contains("statistics", "model_repository");

    ModelMetadataResponse iris =
        client.call(
            "ModelMetadata",
            ModelMetadataRequest.newBuilder().setName("iris").build(),
            ModelMetadataResponse.getDefaultInstance());
    assertThat(iris.getVersionsList()).containsExactly("1");
    assertThat(iris.getInputs(0).getName()).isEqualTo("input");
    assertThat(iris.getInputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(iris.getInputs(0).getShapeList()).containsExactly(-1L, 4L);
    assertThat(iris.getOutputsList()).extracting("name").containsExactly("label", "probabilities");
  }

  @Test
  void tellsTheConfiguration() {
    ModelConfig config =
        client
            .call(
                "ModelConfig",
                ModelConfigRequest.newBuilder().setName("iris").build(),
                ModelConfigResponse.getDefaultInstance())
            .getConfig();

    assertThat(config.getName()).isEqualTo("iris");
    assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
    assertThat(config.getMaxBatchSize()).isPositive();
    assertThat(config.getInput(0).getDimsList()).containsExactly(4L);
    assertThat(config.getVersionPolicy().getLatest().getNumVersions()).isEqualTo(1);
    assertThat(config.getInstanceGroup(0).getCount()).isPositive();
    assertThat(config.getDynamicBatching().getDefaultQueuePolicy().getMaxQueueSize())
        .isEqualTo(256);
  }

  @Test
  void infersRaw() {
    ModelInferResponse answer =
        client.call("ModelInfer", Requests.flower().setId("f1").build(), ANSWER);

    assertThat(answer.getModelName()).isEqualTo("iris");
    assertThat(answer.getModelVersion()).isEqualTo("1");
    assertThat(answer.getId()).isEqualTo("f1");
    assertThat(answer.getOutputs(0).getName()).isEqualTo("label");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(1L);
    assertThat(answer.getRawOutputContents(0)).isEqualTo(ByteString.copyFrom(new byte[8]));
    assertThat(answer.getRawOutputContents(1).size()).isEqualTo(12);
  }

  @Test
  void infersTyped() {
    ModelInferRequest.Builder request = Requests.flower().clearRawInputContents();
    request
        .getInputsBuilder(0)
        .getContentsBuilder()
        .addFp32Contents(5.1f)
        .addFp32Contents(3.5f)
        .addFp32Contents(1.4f)
        .addFp32Contents(0.2f);
    request.addOutputsBuilder().setName("label");

    ModelInferResponse answer = client.call("ModelInfer", request.build(), ANSWER);

    assertThat(answer.getOutputsCount()).isEqualTo(1);
    assertThat(answer.getOutputs(0).getContents().getInt64ContentsList()).containsExactly(0L);
    assertThat(answer.getRawOutputContentsCount()).isZero();
  }

  @Test
  void infersNothing() {
    ModelInferRequest.Builder typed = ModelInferRequest.newBuilder().setModelName("text");
    typed.addInputsBuilder().setName("text").setDatatype("BYTES").addShape(0).getContentsBuilder();

    ModelInferResponse texts = client.call("ModelInfer", typed.build(), ANSWER);

    assertThat(texts.getOutputsList())
        .allSatisfy(output -> assertThat(output.getShapeList()).containsExactly(0L));
    assertThat(texts.getRawOutputContentsCount()).isZero();

    ModelInferRequest.Builder raw = ModelInferRequest.newBuilder().setModelName("types");
    for (String type :
        List.of(
            "bool", "uint8", "uint16", "uint32", "uint64", "fp16", "bf16", "int8", "int16", "int32",
            "int64", "fp32", "fp64")) {
      raw.addInputsBuilder()
          .setName(type)
          .setDatatype(type.toUpperCase(Locale.ROOT))
          .addShape(0)
          .addShape(2);
      raw.addRawInputContents(ByteString.EMPTY);
    }

    ModelInferResponse numbers = client.call("ModelInfer", raw.build(), ANSWER);

    assertThat(numbers.getOutputsList())
        .hasSize(13)
        .allSatisfy(output -> assertThat(output.getShapeList()).containsExactly(0L, 2L));
    assertThat(numbers.getRawOutputContentsList())
        .hasSize(13)
        .allSatisfy(content -> assertThat(content.isEmpty()).isTrue());
  }

  @Test
  void infersOnThePortOfItsOwn() {
    try (GrpcClient own = ServedModels.ownPortClient()) {
      ModelInferResponse answer = own.call("ModelInfer", Requests.flower().build(), ANSWER);

      assertThat(answer.getModelName()).isEqualTo("iris");
    }
  }

  /** More than a frame, and so read on a worker. */
  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "deflate"})
  void infersLargeMessages(String compressor) {
    ModelInferResponse answer =
        client.call(
            "ModelInfer",
            Requests.flowers(4000).build(),
            ANSWER,
            CallOptions.DEFAULT.withCompression(compressor));

    assertThat(answer.getRawOutputContents(0)).isEqualTo(ByteString.copyFrom(new byte[32_000]));
  }

  @Test
  void explainsRefusals() {
    assertFails(
        Code.NOT_FOUND,
        "model \"rose\" is unknown",
        () -> client.call("ModelInfer", Requests.flower().setModelName("rose").build(), ANSWER));
    assertFails(
        Code.INVALID_ARGUMENT,
        "input \"input\" has datatype FP64, the model takes FP32",
        () -> {
          ModelInferRequest.Builder request = Requests.flower();
          request.getInputsBuilder(0).setDatatype("FP64").setShape(1, 2);
          client.call("ModelInfer", request.build(), ANSWER);
        });
    assertFails(
        Code.INVALID_ARGUMENT,
        "ends in the middle",
        () -> client.call("inference.GRPCInferenceService/ModelInfer", new byte[] {0x0a}));
    assertFails(
        Code.INVALID_ARGUMENT,
        "not the one that this method takes",
        () -> client.call("inference.GRPCInferenceService/ModelReady", new byte[] {0x0a}));
    assertFails(
        Code.UNIMPLEMENTED,
        "there is no method /inference.GRPCInferenceService/Nothing",
        () -> client.call("inference.GRPCInferenceService/Nothing", new byte[0]));
    assertFails(
        Code.RESOURCE_EXHAUSTED,
        "larger than the limit of 65536",
        () -> client.call("ModelInfer", Requests.flowers(5000).build(), ANSWER));
    assertFails(
        Code.RESOURCE_EXHAUSTED,
        "once it is unpacked",
        () ->
            client.call(
                "ModelInfer",
                Requests.flowers(5000).build(),
                ANSWER,
                CallOptions.DEFAULT.withCompression("gzip")));
    assertFails(
        Code.UNIMPLEMENTED,
        "shared memory is not supported",
        () ->
            client.call(
                "SystemSharedMemoryStatus",
                SystemSharedMemoryStatusRequest.getDefaultInstance(),
                SystemSharedMemoryStatusResponse.getDefaultInstance()));
    assertFails(
        Code.INTERNAL,
        "the model failed on this request",
        () -> {
          ModelInferRequest.Builder request = Requests.slow(2);
          request.getInputsBuilder(0).getContentsBuilder().setInt64Contents(1, 3);
          client.call("ModelInfer", request.build(), ANSWER);
        });
  }

  @Test
  void countsWhatHappened() {
    ModelStatistics before = statistics("iris");

    client.call("ModelInfer", Requests.flowers(3).build(), ANSWER);
    assertFails(
        Code.INVALID_ARGUMENT,
        "raw_input_contents has 2 entries for 1 inputs",
        () ->
            client.call(
                "ModelInfer",
                Requests.flower()
                    .clearRawInputContents()
                    .addAllRawInputContents(List.of(ByteString.EMPTY, ByteString.EMPTY))
                    .build(),
                ANSWER));

    ModelStatistics after = statistics("iris");
    assertThat(after.getInferenceCount() - before.getInferenceCount()).isEqualTo(3);
    assertThat(after.getExecutionCount() - before.getExecutionCount()).isEqualTo(1);
    assertThat(count(after) - count(before)).isEqualTo(1);
    assertThat(
            after.getInferenceStats().getFail().getCount()
                - before.getInferenceStats().getFail().getCount())
        .isEqualTo(1);
    assertThat(after.getBatchStatsList()).anyMatch(batch -> batch.getBatchSize() == 3);
    assertThat(after.getLastInference()).isPositive();
    assertThat(all().getModelStatsList()).extracting("name").contains("iris", "text", "slow");
  }

  @Test
  void looksAfterModels() throws IOException {
    assertThat(index(false))
        .anyMatch(it -> it.getName().equals("corrupt") && !it.getReason().isEmpty());
    assertThat(index(true)).noneMatch(it -> it.getName().equals("corrupt"));

    client.call(
        "RepositoryModelUnload",
        RepositoryModelUnloadRequest.newBuilder().setModelName("text").build(),
        RepositoryModelUnloadResponse.getDefaultInstance());
    assertThat(ready("text", "")).isFalse();
    assertFails(
        Code.UNAVAILABLE,
        "model \"text\" is not loaded",
        () -> client.call("ModelInfer", Requests.flower().setModelName("text").build(), ANSWER));
    load("text");
    assertThat(ready("text", "")).isTrue();

    client.call(
        "RepositoryModelLoad",
        RepositoryModelLoadRequest.newBuilder()
            .setModelName("text")
            .putParameters(
                "config", ModelRepositoryParameter.newBuilder().setStringParam("{}").build())
            .putParameters(
                "file:5/model.onnx",
                ModelRepositoryParameter.newBuilder()
                    .setBytesParam(ByteString.copyFrom(Files.readAllBytes(TestModels.file("text"))))
                    .build())
            .build(),
        RepositoryModelLoadResponse.getDefaultInstance());
    assertThat(ready("text", "5")).isTrue();
    load("text");
    assertFails(Code.INVALID_ARGUMENT, "there is no model \"tulip\"", () -> load("tulip"));
  }

  @Test
  void givesMapsFromLabelsToScoresAsATensor() {
    ModelInferResponse tensors = client.call("ModelInfer", Requests.flower().build(), ANSWER);
    ModelInferResponse maps =
        client.call("ModelInfer", Requests.flower().setModelName("zipmap").build(), ANSWER);

    assertThat(maps.getOutputs(1).getName()).isEqualTo("output_probability");
    assertThat(maps.getOutputs(1).getShapeList()).containsExactly(1L, 3L);
    assertThat(maps.getRawOutputContents(1)).isEqualTo(tensors.getRawOutputContents(1));
  }

  @Test
  void tellsAndChangesSettings() {
    assertThat(
            client
                .call(
                    "TraceSetting",
                    TraceSettingRequest.getDefaultInstance(),
                    TraceSettingResponse.getDefaultInstance())
                .getSettingsOrThrow("trace_level")
                .getValueList())
        .containsExactly("OFF");
    TraceSettingRequest.Builder on = TraceSettingRequest.newBuilder();
    on.putSettings(
        "trace_level",
        TraceSettingRequest.SettingValue.newBuilder().addValue("TIMESTAMPS").build());
    assertThat(
            client
                .call("TraceSetting", on.build(), TraceSettingResponse.getDefaultInstance())
                .getSettingsOrThrow("trace_level")
                .getValueList())
        .containsExactly("TIMESTAMPS");
    on.putSettings("trace_level", TraceSettingRequest.SettingValue.getDefaultInstance());
    assertThat(
            client
                .call("TraceSetting", on.build(), TraceSettingResponse.getDefaultInstance())
                .getSettingsOrThrow("trace_level")
                .getValueList())
        .containsExactly("OFF");
    assertFails(
        Code.UNIMPLEMENTED,
        "the log does not hold tensors",
        () ->
            client.call(
                "TraceSetting",
                TraceSettingRequest.newBuilder()
                    .putSettings(
                        "trace_level",
                        TraceSettingRequest.SettingValue.newBuilder().addValue("TENSORS").build())
                    .build(),
                TraceSettingResponse.getDefaultInstance()));
    assertThat(
            client
                .call(
                    "LogSettings",
                    LogSettingsRequest.getDefaultInstance(),
                    LogSettingsResponse.getDefaultInstance())
                .getSettingsOrThrow("log_info")
                .getBoolParam())
        .isTrue();
  }

  @Test
  void classifies() {
    ModelInferRequest.Builder request = Requests.flowers(2);
    request
        .addOutputsBuilder()
        .setName("probabilities")
        .putParameters("classification", InferParameter.newBuilder().setInt64Param(2).build());
    request.addOutputsBuilder().setName("label");

    ModelInferResponse answer = client.call("ModelInfer", request.build(), ANSWER);

    assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 2L);
    assertThat(answer.getRawOutputContents(0).toStringUtf8())
        .containsPattern("(?s)0\\.95\\d+:0.*0\\.04\\d+:1.*0\\.95\\d+:0.*0\\.04\\d+:1");
    assertThat(answer.getOutputs(1).getDatatype()).isEqualTo("INT64");
    assertThat(answer.getRawOutputContents(1).size()).isEqualTo(16);
  }

  private boolean ready(String name, String version) {
    return client
        .call(
            "ModelReady",
            ModelReadyRequest.newBuilder().setName(name).setVersion(version).build(),
            ModelReadyResponse.getDefaultInstance())
        .getReady();
  }

  private void load(String name) {
    client.call(
        "RepositoryModelLoad",
        RepositoryModelLoadRequest.newBuilder().setModelName(name).build(),
        RepositoryModelLoadResponse.getDefaultInstance());
  }

  private List<ModelIndex> index(boolean onlyReady) {
    return client
        .call(
            "RepositoryIndex",
            RepositoryIndexRequest.newBuilder().setReady(onlyReady).build(),
            RepositoryIndexResponse.getDefaultInstance())
        .getModelsList();
  }

  private ModelStatisticsResponse all() {
    return client.call(
        "ModelStatistics",
        ModelStatisticsRequest.getDefaultInstance(),
        ModelStatisticsResponse.getDefaultInstance());
  }

  private ModelStatistics statistics(String name) {
    return client
        .call(
            "ModelStatistics",
            ModelStatisticsRequest.newBuilder().setName(name).build(),
            ModelStatisticsResponse.getDefaultInstance())
        .getModelStats(0);
  }

  private static long count(ModelStatistics statistics) {
    return statistics.getInferenceStats().getSuccess().getCount();
  }

  private static void assertFails(Code code, String why, Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure).isNotNull();
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    assertThat(failure.getStatus().getDescription()).contains(why);
  }
}
