package dev.modelweir.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.modelweir.protocol.Bytes;
import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.grpc.message.LogSettingsRequest;
import dev.modelweir.protocol.grpc.message.ModelConfigRequest;
import dev.modelweir.protocol.grpc.message.ModelMetadataRequest;
import dev.modelweir.protocol.grpc.message.ModelReadyRequest;
import dev.modelweir.protocol.grpc.message.ModelStatisticsRequest;
import dev.modelweir.protocol.grpc.message.RepositoryIndexRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelLoadRequest;
import dev.modelweir.protocol.grpc.message.RepositoryModelUnloadRequest;
import dev.modelweir.protocol.grpc.message.ServerLiveRequest;
import dev.modelweir.protocol.grpc.message.ServerMetadataRequest;
import dev.modelweir.protocol.grpc.message.ServerReadyRequest;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest;
import dev.modelweir.server.http.Codings;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.schedule.Arrival;
import dev.modelweir.server.trace.Tracing;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The service {@code inference.GRPCInferenceService}: finds the method of a call. */
@Singleton
final class GrpcService {
  private static final Logger LOG = Logger.getLogger(GrpcService.class);
  private static final String SERVICE = "/inference.GRPCInferenceService/";
  private static final String MEDIA_TYPE = "application/grpc";
  private static final List<String> SHARED_MEMORY =
      List.of(
          "SystemSharedMemoryStatus",
          "SystemSharedMemoryRegister",
          "SystemSharedMemoryUnregister",
          "CudaSharedMemoryStatus",
          "CudaSharedMemoryRegister",
          "CudaSharedMemoryUnregister");

  private final Traffic traffic;
  private final Tracing tracing;
  private final Intake intake;
  private final Map<String, Consumer<Call>> methods = new HashMap<>();

  GrpcService(
      Traffic traffic,
      Tracing tracing,
      Intake intake,
      InferMethods infer,
      ManagementMethods management) {
    this.traffic = traffic;
    this.tracing = tracing;
    this.intake = intake;
    methods.put(SERVICE + "ModelInfer", infer::infer);
    methods.put(SERVICE + "ModelStreamInfer", infer::stream);
    unary("ServerLive", ServerLiveRequest.parser(), management::serverLive);
    unary("ServerReady", ServerReadyRequest.parser(), management::serverReady);
    unary("ModelReady", ModelReadyRequest.parser(), management::modelReady);
    unary("ServerMetadata", ServerMetadataRequest.parser(), management::serverMetadata);
    promised("ModelMetadata", ModelMetadataRequest.parser(), management::modelMetadata);
    promised("ModelConfig", ModelConfigRequest.parser(), management::modelConfig);
    unary("ModelStatistics", ModelStatisticsRequest.parser(), management::modelStatistics);
    unary("RepositoryIndex", RepositoryIndexRequest.parser(), management::repositoryIndex);
    later(
        "RepositoryModelLoad",
        RepositoryModelLoadRequest.parser(),
        management::repositoryModelLoad);
    later(
        "RepositoryModelUnload",
        RepositoryModelUnloadRequest.parser(),
        management::repositoryModelUnload);
    unary("TraceSetting", TraceSettingRequest.parser(), management::traceSetting);
    unary("LogSettings", LogSettingsRequest.parser(), management::logSettings);
    for (String method : SHARED_MEMORY) {
      methods.put(
          SERVICE + method,
          call ->
              call.fail(
                  Status.UNIMPLEMENTED,
                  "shared memory is not supported; send tensors in the message"));
    }
  }

  /** Whether a request is a call, of whatever service. */
  static boolean isCall(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2) {
      return false;
    }
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null
        && type.startsWith(MEDIA_TYPE)
        && (type.length() == MEDIA_TYPE.length()
            || type.charAt(MEDIA_TYPE.length()) == ';'
            || type.startsWith("+proto", MEDIA_TYPE.length()));
  }

  /** Answers a call; on its event loop. */
  void handle(HttpServerRequest request) {
    Codings coding = Codings.named(request.getHeader("grpc-encoding"));
    long now = System.nanoTime();
    try {
      Arrival arrival = new Arrival(now, Wire.deadline(request.getHeader("grpc-timeout"), now));
      Call call =
          new Call(request, traffic, tracing, arrival, coding == null ? Codings.IDENTITY : coding);
      Consumer<Call> method = methods.get(request.path());
      if (method == null) {
        call.fail(Status.UNIMPLEMENTED, "there is no method " + request.path());
      } else if (coding == null) {
        request.response().putHeader("grpc-accept-encoding", "identity,deflate,gzip");
        call.fail(Status.UNIMPLEMENTED, "grpc-encoding is none of identity, deflate and gzip");
      } else {
        method.accept(call);
      }
    } catch (InferenceException e) {
      new Call(request, traffic, tracing, Arrival.now(), Codings.IDENTITY).fail(e);
    }
  }

  private <Q extends MessageLite> void unary(
      String method, Parser<Q> parser, Function<Q, ? extends MessageLite> answer) {
    promised(method, parser, request -> CompletableFuture.completedFuture(answer.apply(request)));
  }

  /** A method that may have to wait for a model. */
  private <Q extends MessageLite> void promised(
      String method,
      Parser<Q> parser,
      Function<Q, ? extends CompletionStage<? extends MessageLite>> answer) {
    methods.put(SERVICE + method, call -> answer(call, parser, answer));
  }

  /** A method that takes its time, and is waited for before the process ends. */
  private <Q extends MessageLite> void later(
      String method,
      Parser<Q> parser,
      Function<Q, ? extends CompletionStage<? extends MessageLite>> answer) {
    methods.put(
        SERVICE + method,
        call -> {
          traffic.arrived();
          call.whenOver(traffic::answered);
          answer(call, parser, answer);
        });
  }

  private <Q extends MessageLite> void answer(
      Call call,
      Parser<Q> parser,
      Function<Q, ? extends CompletionStage<? extends MessageLite>> answer) {
    intake.one(call, message -> intake.work(message, () -> run(call, message, parser, answer)));
  }

  private <Q extends MessageLite> void run(
      Call call,
      MessageReader.Message message,
      Parser<Q> parser,
      Function<Q, ? extends CompletionStage<? extends MessageLite>> answer) {
    try {
      Q request;
      try (message) {
        Bytes plain = message.plain();
        request = parser.parseFrom(plain.array(), 0, plain.length());
      }
      answer
          .apply(request)
          .whenComplete((response, failure) -> {
            if (response != null) {
              intake.answer(call, framed(response, call.coding()));
            } else {
              fail(call, failure);
            }
          });
    } catch (InvalidProtocolBufferException | RuntimeException | OutOfMemoryError e) {
      fail(call, e);
    }
  }

  private static byte[] framed(MessageLite message, Codings coding) {
    int size = message.getSerializedSize();
    byte[] framed =
        ByteBuffer.allocate(Wire.PREFIX + size).put(Wire.PREFIX, message.toByteArray()).array();
    return Wire.frame(framed, coding);
  }

  private static void fail(Call call, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    call.onEventLoop(() -> {
      switch (cause) {
        case InferenceException refused -> call.fail(refused);
        case InvalidProtocolBufferException wrong ->
            call.fail(
                Status.INVALID_ARGUMENT,
                "the message is not the one that this method takes: " + wrong.getMessage());
        case null, default -> {
          LOG.error("a request failed in the server", cause);
          call.fail(Status.INTERNAL, "internal error; see the server's log");
        }
      }
    });
  }
}
