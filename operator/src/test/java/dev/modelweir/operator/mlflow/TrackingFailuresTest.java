package dev.modelweir.operator.mlflow;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.operator.lifecycle.RunningOperator;
import dev.modelweir.operator.testing.ApiServer;
import dev.modelweir.operator.testing.FlakyServer;
import dev.modelweir.operator.testing.TrainedIris;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that refuses, or is not there, holds up nothing and is told of. */
class TrackingFailuresTest {

  private static final URI NOBODY = URI.create("http://127.0.0.1:1");

  private final ApiServer api = new ApiServer();
  private final FlakyServer server = new FlakyServer(NOBODY);
  private final TrainedIris iris = new TrainedIris(api.user());

  TrackingFailuresTest() {
    iris.node("node-1", 4);
  }

  @AfterEach
  void stop() {
    server.close();
    api.close();
  }

  @Test
  void aTrainingGoesOnAndSaysThatItIsNotTracked() {
    try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      iris.train("{workers: 1}");
      iris.runs(0, 1);
      eventually(() -> assertThat(said()).isPresent());
      Condition said = said().orElseThrow();
      assertThat(said.status()).isEqualTo("False");
      assertThat(said.reason()).isEqualTo("TrackingFailed");
      assertThat(said.message()).contains("502").contains("no server behind");
      assertThat(said.observedGeneration()).isNotNull();
      assertThat(server.authorizations()).containsOnly("Bearer secret");

      iris.complete(0);
      eventually(() -> assertThat(iris.phase()).isEqualTo(TrainingPhase.SUCCEEDED));
      assertThat(iris.events()).containsOnlyOnce("Warning TrackingFailed");
      assertThat(operator.reconciles()).isPositive();
    }
  }

  /** The condition of another writer must not make the reconciler write, nor the other way. */
  @Test
  void saidOnceNothingIsWrittenAgain() {
    try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      iris.train("{workers: 1}");
      iris.runs(0, 1);
      eventually(() -> assertThat(said()).isPresent());
    }
    int writes = api.writesOfOperator().size();
    int asked = server.requests().size();
    try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      eventually(() -> assertThat(server.requests()).hasSizeGreaterThan(asked));
      for (int i = 0; i < 3; i++) {
        long before = operator.reconciles();
        iris.touch(0);
        eventually(() -> assertThat(operator.reconciles()).isGreaterThan(before));
      }
    }
    assertThat(api.writesOfOperator()).hasSize(writes);
    assertThat(said().map(Condition::reason)).contains("TrackingFailed");
  }

  /** That this process ends says nothing of the server, and the next one will ask it anew. */
  @Test
  void whoeverStopsWhileTheServerIsSilentAccusesNobody() {
    server.silence("experiments/get-by-name");
    try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      iris.train("{workers: 1}");
      iris.runs(0, 1);
      eventually(() -> assertThat(server.requests()).contains("experiments/get-by-name"));
      assertThat(operator.reconciles()).isPositive();
    }
    assertThat(said()).isEmpty();
    assertThat(iris.events()).doesNotContain("Warning TrackingFailed");
  }

  @Test
  void withoutAnAddressNothingIsSaid() {
    try (RunningOperator operator = RunningOperator.start(api.operator())) {
      iris.train("{workers: 1}");
      iris.runs(0, 1);
      assertThat(said()).isEmpty();
      assertThat(server.requests()).isEmpty();
      assertThat(operator.reconciles()).isPositive();
    }
  }

  @Test
  void whatAnswersMustBeMlflow() {
    try (MlflowClient client = new MlflowClient(server.url(), Optional.empty())) {
      server.lose("runs/create", 200, "<html>");
      assertThat(failure(client)).contains("is this MLflow?");
      server.lose(
          "runs/create", 403, "{\"error_code\": \"PERMISSION_DENIED\", \"message\": \"no\"}");
      assertThat(failure(client)).contains("403").contains("runs/create: no");
      server.lose("runs/create", 200, " ".repeat(5 << 20));
      assertThat(failure(client)).contains("does not answer");
    }
    try (MlflowClient client = new MlflowClient(NOBODY, Optional.empty())) {
      assertThat(failure(client)).isEqualTo("http://127.0.0.1:1 does not answer: ConnectException");
    }
  }

  @Test
  void theAddressHoldsNoSecret() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mlflow.check(URI.create("https://user:word@mlflow"), Optional.empty()))
        .withMessageContaining("token")
        .withMessageNotContaining("word@");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mlflow.check(URI.create("mlflow:5000"), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mlflow.check(URI.create("http://my_mlflow"), Optional.empty()))
        .withMessageContaining("letters, digits, '-' and '.'");
  }

  @Test
  void aTokenThatNoHeaderCarriesIsNotRepeated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mlflow.check(URI.create("https://mlflow"), Optional.of("first\nsecond")))
        .withMessageContaining("one line")
        .withMessageNotContaining("second");
  }

  @Test
  void aTokenThatTheServerRepeatsIsNotPassedOn() {
    try (MlflowClient client = new MlflowClient(server.url(), Optional.of("hush\n"))) {
      for (String body :
          List.of(
              "{\"error_code\": \"X\", \"message\": \"Bearer hush?\"}", "<p>Bearer hush?</p>")) {
        server.lose("runs/create", 403, body);
        assertThat(failure(client)).endsWith("Bearer …?");
      }
    }
  }

  /** A proxy in front gives each of its pages an id. */
  @Test
  void aPageThatDiffersAtEachTryIsSaidOnce() {
    server.refuse("experiments/get-by-name", 503, "sorry, request %s");
    try (RunningOperator operator = RunningOperator.start(api.operator(), server.url())) {
      iris.train("{workers: 1}");
      iris.runs(0, 1);
      eventually(() -> assertThat(said()).isPresent());
      assertThat(said().orElseThrow().message())
          .endsWith("503 to" + " /api/2.0/mlflow/experiments/get-by-name: sorry, request …");
      for (int i = 1; i <= 2; i++) {
        int asked = server.requests().size();
        iris.report(10 * i);
        eventually(() -> assertThat(server.requests()).hasSizeGreaterThan(asked));
      }
      assertThat(iris.events()).containsOnlyOnce("Warning TrackingFailed");
      assertThat(operator.reconciles()).isPositive();
    }
  }

  private static String failure(MlflowClient client) {
    try {
      client.post("runs/create", Map.of());
      return "";
    } catch (MlflowException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Optional<Condition> said() {
    List<Condition> conditions =
        iris.resource().get().getStatus() == null ? null : iris.status().conditions();
    return Tracking.said(conditions);
  }
}
