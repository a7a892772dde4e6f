package dev.modelweir.operator.progress;

import static dev.modelweir.operator.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.operator.testing.ApiServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatusBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressEndpointTest {

  private final ApiServer api = new ApiServer();
  private final Digits digits = Digits.on(api);
  private final Pod pod = digits.pod(Digits.JOB, 0);
  private final String token = pod.getMetadata().getName();
  private final HandTimer timer = new HandTimer();
  private final ProgressEndpoint endpoint =
      new ProgressEndpoint(
          new Callers(api.operator(), timer),
          new PendingReports(new Delivery(api.operator(), timer), timer, timer));

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aPodReportsForItsJob() {
    assertThat(post("Bearer " + token, "{\"step\": 7}")).isEqualTo(new Answer(200, "{}"));
    timer.run();
    assertThat(Objects.requireNonNull(digits.status().progress()).step()).isEqualTo(7);
    assertThat(digits.status().progressSummary()).isEqualTo("step 7");
  }

  @Test
  void whatIsLeftOutIsNamed() {
    assertThat(
            post(
                "bearer  " + token,
                "{\"step\": 7, \"metrics\": [{\"name\": \"loss\", \"value\": \"nan\"}]}"))
        .isEqualTo(new Answer(200, "{\"leftOut\":[\"loss: the value is not a finite number\"]}"));
  }

  @Test
  void withoutATokenNobodyReports() {
    assertThat(post(null, "{}").status()).isEqualTo(401);
    assertThat(post("Basic dXNlcjpwYXNz", "{}").status()).isEqualTo(401);
    assertThat(post("Bearer ", "{}").status()).isEqualTo(401);
    assertThat(api.requestsOfOperator()).isEmpty();
  }

  @Test
  void aTokenThatTheApiServerDoesNotKnowIsRefused() {
    Answer answer = post("Bearer forged", "{}");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("modelweir.dev/progress");
  }

  @Test
  void aTokenForTheApiServerIsRefused() {
    digits.token("of-another-audience", token, pod.getMetadata().getUid(), "kubernetes");
    assertThat(post("Bearer of-another-audience", "{}").status()).isEqualTo(401);
  }

  @Test
  void aTokenOfNoPodIsRefused() {
    api.addToken(
        "person",
        new TokenReviewStatusBuilder()
            .withAuthenticated(true)
            .withAudiences("modelweir.dev/progress")
            .withNewUser()
            .withUsername("system:serviceaccount:team:digits-training")
            .endUser()
            .build());
    assertThat(post("Bearer person", "{}"))
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(403))
        .satisfies(answer -> assertThat(answer.body()).contains("not bound to a pod"));
  }

  @Test
  void aPodReportsForNoOtherJob() {
    digits.create("letters");
    Answer answer =
        endpoint.post(Digits.NAMESPACE, "letters", "Bearer " + token, json("{\"step\": 7}"));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("works for TrainingJob digits");
    assertThat(endpoint.post("other", Digits.JOB, "Bearer " + token, json("{}")).status())
        .isEqualTo(403);
  }

  @Test
  void aPodThatIsNoWorkerIsRefused() {
    digits.pod("web", Map.of("app", "web"));
    assertThat(post("Bearer web", "{}"))
        .isEqualTo(
            Answer.refused(403, "pod web does not have the label modelweir.dev/training-job"));
    digits.pod("odd", Map.of("modelweir.dev/training-job", Digits.JOB));
    assertThat(post("Bearer odd", "{}").body()).contains("modelweir.dev/attempt");
  }

  @Test
  void aPodThatIsGoneIsRefusedEvenIfANamesakeRuns() {
    digits.token("old", token, "uid-of-the-old-pod", "modelweir.dev/progress");
    assertThat(post("Bearer old", "{}"))
        .isEqualTo(Answer.refused(403, "pod %s is gone".formatted(token)));
  }

  @Test
  void aPodOfADeletedJobHasNothingToReportTo() {
    digits.resource().delete();
    assertThat(post("Bearer " + token, "{\"step\": 7}"))
        .isEqualTo(
            Answer.refused(
                404, "TrainingJob digits, which pod %s worked for, is gone".formatted(token)));
  }

  @Test
  void aPodOfAnEarlierJobOfTheSameNameIsRefused() {
    digits.resource().delete();
    Instant made = Instant.parse(pod.getMetadata().getCreationTimestamp());
    eventually(() -> assertThat(Instant.now()).isAfter(made.plusSeconds(1)));
    digits.create(Digits.JOB);
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(404);
  }

  @Test
  void whoHasShownItselfIsTrustedForAMinute() {
    post("Bearer " + token, "{\"step\": 7}");
    int asked = api.requestsOfOperator().size();
    timer.pass(Duration.ofSeconds(59));
    int written = api.requestsOfOperator().size();
    post("Bearer " + token, "{\"step\": 7}");
    assertThat(asked).isEqualTo(3);
    assertThat(api.requestsOfOperator()).hasSize(written);
    timer.pass(Duration.ofSeconds(1));
    api.user().pods().inNamespace(Digits.NAMESPACE).withName(token).delete();
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(403);
  }

  @Test
  void aRejectionIsNotRemembered() {
    digits.resource().delete();
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(404);
    digits.create(Digits.JOB);
    Pod next = digits.pod(Digits.JOB, 1);
    assertThat(post("Bearer " + next.getMetadata().getName(), "{\"step\": 7}").status())
        .isEqualTo(200);
  }

  @Test
  void whoReportsTooOftenIsToldSo() {
    for (int i = 0; i < 20; i++) {
      assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(200);
    }
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(429);
    timer.pass(Duration.ofSeconds(10));
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(200);
  }

  @Test
  void withoutTheApiServerNobodyIsBelieved() {
    api.refuse("/tokenreviews", 500, "etcd leader changed");
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(503);
    api.heal();
    assertThat(post("Bearer " + token, "{\"step\": 7}").status()).isEqualTo(200);
  }

  @Test
  void aBodyThatSaysNothingIsRefusedAfterTheToken() {
    assertThat(post("Bearer " + token, "{}").status()).isEqualTo(400);
    assertThat(post("Bearer forged", "{}").status()).isEqualTo(401);
  }

  private Answer post(@Nullable String authorization, String body) {
    return endpoint.post(Digits.NAMESPACE, Digits.JOB, authorization, json(body));
  }

  private static byte[] json(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
