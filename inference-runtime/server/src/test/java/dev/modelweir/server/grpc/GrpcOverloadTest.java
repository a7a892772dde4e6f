package dev.modelweir.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.modelweir.protocol.grpc.message.InferParameter;
import dev.modelweir.protocol.grpc.message.ModelInferRequest;
import dev.modelweir.protocol.grpc.message.ModelInferResponse;
import dev.modelweir.protocol.grpc.message.ModelStatisticsRequest;
import dev.modelweir.protocol.grpc.message.ModelStatisticsResponse;
import dev.modelweir.protocol.grpc.message.ModelStreamInferResponse;
import dev.modelweir.server.SlowModel;
import dev.modelweir.server.http.Traffic;
import dev.modelweir.server.repository.ModelRepository;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More than the server can do: one worker, one place in each queue, slow inferences. */
@QuarkusTest
@TestProfile(GrpcOverloadTest.OneAtATime.class)
public class GrpcOverloadTest {
  public static final class OneAtATime extends ServedModels {
    public OneAtATime() {
      super(Map.of("modelweir.workers", "1", "modelweir.queue-size", "1"));
    }
  }

  private static final ModelInferResponse ANSWER = ModelInferResponse.getDefaultInstance();
  private static final Duration LONG = Duration.ofMinutes(1);

  @Inject Traffic traffic;
  @Inject ModelRepository models;

  private final GrpcClient client = ServedModels.client();
  private static int busy;

  @BeforeAll
  static void measure() {
    try (GrpcClient client = ServedModels.client()) {
      busy = SlowModel.busy(size -> client.call("ModelInfer", Requests.slow(size).build(), ANSWER));
    }
  }

  @AfterEach
  void close() {
    client.close();
    await().atMost(LONG).until(() -> traffic.inFlight() == 0);
  }

  @Test
  void refusesWhatItCannotQueueAndAnswersTheRest() throws Exception {
    Future<ModelInferResponse> running = infer(Requests.slow(busy));
    awaitRunning();
    Future<ModelInferResponse> waiting = infer(Requests.slow(SlowModel.INSTANT));
    await().atMost(LONG).until(() -> queueDepth("slow") == 1);

    assertFails(
        Code.RESOURCE_EXHAUSTED,
        "requests are waiting",
        () -> client.call("ModelInfer", Requests.slow(SlowModel.INSTANT).build(), ANSWER));
    ModelInferRequest.Builder wrong = Requests.slow(SlowModel.INSTANT);
    wrong.getInputsBuilder(0).setDatatype("NONE");
    // It is not even looked at.
    assertFails(
        Code.RESOURCE_EXHAUSTED,
        "requests are waiting",
        () -> client.call("ModelInfer", wrong.build(), ANSWER));

    assertThat(running.get(1, TimeUnit.MINUTES).getModelName()).isEqualTo("slow");
    assertThat(waiting.get(1, TimeUnit.MINUTES).getModelName()).isEqualTo("slow");
  }

  @Test
  void refusesWhatWouldComeTooLate() throws Exception {
    Future<ModelInferResponse> running = infer(Requests.slow(busy));
    awaitRunning();
    ModelInferRequest impatient =
        Requests.slow(SlowModel.INSTANT)
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1).build())
            .build();

    assertFails(Code.DEADLINE_EXCEEDED, "", () -> client.call("ModelInfer", impatient, ANSWER));
    assertThat(running.get(1, TimeUnit.MINUTES).getModelName()).isEqualTo("slow");
  }

  /** The one that runs is ended, or it would hold the worker for the next. */
  @Test
  void endsWhatNobodyWaitsForAnyMore() {
    long before = failures("slow");

    assertFails(
        Code.DEADLINE_EXCEEDED,
        "",
        () ->
            client.call(
                "ModelInfer",
                Requests.slow(2 * busy).build(),
                ANSWER,
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofMillis(300))));
    await().atMost(LONG).until(() -> failures("slow") == before + 1);

    ClientCall<Message, ModelInferResponse> call = client.begin("ModelInfer", ANSWER);
    Future<ModelInferResponse> cancelled =
        ClientCalls.futureUnaryCall(call, Requests.slow(2 * busy).build());
    awaitRunning();
    call.cancel("changed my mind", null);
    assertThat(cancelled).failsWithin(LONG);
    await().atMost(LONG).until(() -> failures("slow") == before + 2);
    assertThat(
            client
                .call("ModelInfer", Requests.slow(SlowModel.INSTANT).build(), ANSWER)
                .getModelName())
        .isEqualTo("slow");
  }

  @Test
  void streamsInOrder() throws Exception {
    Answers answers = new Answers();
    StreamObserver<Message> requests = stream(answers);

    requests.onNext(Requests.slow(busy).setId("0").build());
    // Until a worker has taken it, it holds the only place in the queue.
    awaitRunning();
    requests.onNext(Requests.flower().setId("1").setModelName("rose").build());
    requests.onNext(Requests.slow(SlowModel.INSTANT).setId("2").build());
    requests.onCompleted();
    answers.done.get(1, TimeUnit.MINUTES);

    assertThat(answers.ids()).containsExactly("0", "1", "2");
    assertThat(answers.all)
        .extracting(ModelStreamInferResponse::getErrorMessage)
        .satisfiesExactly(
            first -> assertThat(first).isEmpty(),
            second -> assertThat(second).contains("model \"rose\" is unknown"),
            third -> assertThat(third).isEmpty());
  }

  @Test
  void streamsNothing() throws Exception {
    Answers answers = new Answers();

    stream(answers).onCompleted();
    answers.done.get(1, TimeUnit.MINUTES);

    assertThat(answers.all).isEmpty();
  }

  @Test
  void takesNoMoreFromAStreamThanItCanHold() throws Exception {
    Answers answers = new Answers();
    StreamObserver<Message> requests = stream(answers);

    requests.onNext(Requests.slow(busy).setId("0").build());
    for (int i = 1; i <= 500; i++) {
      requests.onNext(Requests.flower().setId(Integer.toString(i)).build());
    }
    requests.onCompleted();
    await().atMost(LONG).until(() -> traffic.inFlight() >= 64);
    await().during(Duration.ofMillis(100)).atMost(LONG).until(() -> traffic.inFlight() <= 64);
    answers.done.get(1, TimeUnit.MINUTES);

    assertThat(answers.ids())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(0, 500).mapToObj(Integer::toString).toList());
  }

  @Test
  void forgetsAStreamWhoseClientLeaves() {
    long before = failures("slow");
    try (GrpcClient leaving = ServedModels.client()) {
      StreamObserver<Message> requests =
          leaving.stream(
              "ModelStreamInfer", ModelStreamInferResponse.getDefaultInstance(), new Answers());
      requests.onNext(Requests.slow(2 * busy).build());
      awaitRunning();
    }

    await().atMost(LONG).until(() -> failures("slow") == before + 1);
    await().atMost(LONG).until(() -> traffic.inFlight() == 0);
  }

  private StreamObserver<Message> stream(Answers answers) {
    return client.stream(
        "ModelStreamInfer", ModelStreamInferResponse.getDefaultInstance(), answers);
  }

  private Future<ModelInferResponse> infer(ModelInferRequest.Builder request) {
    return ClientCalls.futureUnaryCall(client.begin("ModelInfer", ANSWER), request.build());
  }

  /** The one worker has begun with the one request. */
  private void awaitRunning() {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> traffic.inFlight() == 1 && queueDepth("slow") == 0);
  }

  private int queueDepth(String model) {
    return models.require(model, null).queueDepth();
  }

  private long failures(String model) {
    return client
        .call(
            "ModelStatistics",
            ModelStatisticsRequest.newBuilder().setName(model).build(),
            ModelStatisticsResponse.getDefaultInstance())
        .getModelStats(0)
        .getInferenceStats()
        .getFail()
        .getCount();
  }

  private static void assertFails(Code code, String why, Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure).isNotNull();
    assertThat(failure.getStatus().getCode()).isEqualTo(code);
    assertThat(failure.getStatus().getDescription()).contains(why);
  }

  /** What a stream brought, and its end. */
  private static final class Answers implements StreamObserver<ModelStreamInferResponse> {
    private final List<ModelStreamInferResponse> all = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    List<String> ids() {
      return all.stream().map(answer -> answer.getInferResponse().getId()).toList();
    }

    @Override
    public void onNext(ModelStreamInferResponse answer) {
      all.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      done.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      done.complete(null);
    }
  }
}
