package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.EndpointWatch;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.load.Load;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Changes under load: no request fails. */
@EndToEnd
@Order(5)
class RolloutIT {
  private static final String TWO_REPLICAS = "replicas: 2\n";
  private static final String BATCHING =
      """
      runtime:
        batching:
          maxBatchSize: 8
          maxQueueSize: 500
          timeoutMillis: 30000
      """;

  private final TestNamespace namespace;

  RolloutIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  /** Not those of the machine, which would take the time of the quota from each other. */
  @Test
  void asManyRunAtOnceAsTheQuotaOfTheContainerAllows() {
    Isvc isvc = namespace.isvc("quota");
    for (int cpus : new int[] {1, 2}) {
      isvc.apply(
          iris("v1")
              + "runtime: {resources: {requests: {cpu: 50m}, limits: {cpu: %d}}}\n"
                  .formatted(cpus));
      isvc.awaitSettled();
      Pattern count = Pattern.compile("\"count\":%d\\b".formatted(cpus));
      // The pod before may answer for a moment.
      Await.until(
          "as many run at once as there are CPUs, which are " + cpus,
          Isvc.PATIENCE,
          isvc::config,
          config -> count.matcher(config).find());
    }
    isvc.delete();
  }

  @Test
  void aNewModelTakesOverAndABrokenOneDoesNot() {
    Isvc isvc = namespace.isvc("rolls").apply(iris("v1") + TWO_REPLICAS);
    isvc.awaitSettled();
    String first = revision(isvc.status());
    try (Load load = Load.on(isvc);
        EndpointWatch endpoints = new EndpointWatch(isvc)) {
      isvc.apply(iris("v2") + TWO_REPLICAS);
      isvc.awaitSettled();
      String second = revision(isvc.status());
      Prediction answer = isvc.predict(Prediction.REQUEST);
      load.awaitMoreLike(answer);
      awaitRevisions(isvc, second);
      assertThat(second).isNotEqualTo(first);

      isvc.apply(iris("v3-that-does-not-exist") + TWO_REPLICAS);
      isvc.await("says why v3 does not come", status -> Isvc.model(status).lastFailure() != null);
      InferenceServiceStatus broken = isvc.status();
      assertThat(revision(broken)).isEqualTo(second);
      assertThat(condition(broken, "Ready").message()).contains(second + " answers meanwhile");
      load.awaitMoreLike(answer);

      isvc.apply(iris("v2") + TWO_REPLICAS);
      isvc.awaitSettled();
      awaitRevisions(isvc, second);

      assertThat(load.report().errors()).isEmpty();
      assertThat(load.report().failed()).isZero();
      assertThat(load.report().answers()).hasSize(2);
      assertThat(endpoints.fewest()).isPositive();
    }
  }

  @Test
  void podsLeaveWithoutLosingARequest() {
    Isvc isvc = namespace.isvc("shrinks").apply(iris("v1") + BATCHING + "replicas: 3\n");
    isvc.awaitSettled();
    assertThat(isvc.config())
        .contains("\"max_queue_size\":500", "\"default_timeout_microseconds\":30000000");
    try (Load load = Load.on(isvc)) {
      namespace.kubectl("scale", "isvc/shrinks", "--replicas=2").output();
      isvc.awaitSettled();
      String pod = namespace.podsOf("shrinks").getFirst().getMetadata().getName();
      namespace.kubectl("delete", "pod", pod).output();
      isvc.awaitSettled();
      load.awaitMoreLike(isvc.predict(Prediction.REQUEST));

      assertThat(load.report().errors()).isEmpty();
      assertThat(load.report().failed()).isZero();
    }
  }

  private void awaitRevisions(Isvc isvc, String only) {
    Await.until(
        "the Deployments of other revisions are gone",
        Isvc.PATIENCE,
        () -> deployments(isvc),
        names -> names.equals(List.of(only)));
  }

  private List<String> deployments(Isvc isvc) {
    return namespace
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace.name())
        .withLabel("modelweir.dev/inference-service", isvc.name())
        .list()
        .getItems()
        .stream()
        .map(deployment -> deployment.getMetadata().getName())
        .toList();
  }

  private static String revision(InferenceServiceStatus status) {
    return requireNonNull(requireNonNull(status.traffic()).getFirst().revision());
  }

  private static String iris(String tag) {
    return """
    model:
      format: ONNX
      storageUri: oci://registry.modelweir.dev/examples/iris:%s
    """
        .formatted(tag);
  }
}
