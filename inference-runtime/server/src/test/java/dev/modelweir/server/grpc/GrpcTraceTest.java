package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.modelweir.protocol.grpc.message.ModelInferResponse;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest;
import dev.modelweir.protocol.grpc.message.TraceSettingRequest.SettingValue;
import dev.modelweir.protocol.grpc.message.TraceSettingResponse;
import dev.modelweir.server.trace.SpanLog;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trace context of calls, and the lines that they leave in the log. */
@QuarkusTest
@TestProfile(ServedModels.class)
public class GrpcTraceTest {
  private static final Metadata.Key<String> TRACE_PARENT = key("traceparent");
  private static final Metadata.Key<String> REQUEST_ID = key("x-request-id");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final AtomicReference<Metadata> answered = new AtomicReference<>();
  private final GrpcClient client =
      ServedModels.client(
          MetadataUtils.newAttachHeadersInterceptor(caller()),
          MetadataUtils.newCaptureMetadataInterceptor(answered, new AtomicReference<>()));
  private final SpanLog log = new SpanLog();

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  private static Metadata caller() {
    Metadata headers = new Metadata();
    headers.put(TRACE_PARENT, "00-" + TRACE + "-00f067aa0ba902b7-01");
    headers.put(REQUEST_ID, "r-7");
    return headers;
  }

  @AfterEach
  void close() {
    trace("iris", SettingValue.getDefaultInstance());
    log.close();
    client.close();
  }

  private void trace(String model, SettingValue level) {
    client.call(
        "TraceSetting",
        TraceSettingRequest.newBuilder()
            .setModelName(model)
            .putSettings("trace_level", level)
            .build(),
        TraceSettingResponse.getDefaultInstance());
  }

  private void infer(String model) {
    client.call(
        "ModelInfer",
        Requests.flower().setModelName(model).build(),
        ModelInferResponse.getDefaultInstance());
  }

  @Test
  void continuesTheCallersTraceInTheAnswer() {
    infer("iris");

    assertThat(answered.get().get(TRACE_PARENT))
        .matches("00-" + TRACE + "-(?!00f067aa0ba902b7)[0-9a-f]{16}-01");
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void logsCallsOfModelsThatAreTraced() {
    trace("iris", SettingValue.newBuilder().addValue("TIMESTAMPS").build());

    infer("iris");
    assertThatThrownBy(() -> infer("rose")).isInstanceOf(StatusRuntimeException.class);

    await().until(() -> !log.lines().isEmpty());
    assertThat(log.lines()).hasSize(1);
    ExtLogRecord line = log.lines().getFirst();
    assertThat(line.getFormattedMessage())
        .startsWith("POST /inference.GRPCInferenceService/ModelInfer OK after ")
        .contains("trace " + TRACE, "request r-7");
    assertThat(line.getMdcCopy())
        .containsEntry("traceId", TRACE)
        .containsEntry("parentId", "00f067aa0ba902b7")
        .containsEntry("requestId", "r-7");
  }
}
