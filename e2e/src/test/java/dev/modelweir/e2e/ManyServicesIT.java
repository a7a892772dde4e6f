package dev.modelweir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Checkout;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two hundred services at once, and one among them that really serves. */
@EndToEnd
class ManyServicesIT {
  private static final int MANY = 200;
  private static final Duration LIMIT = Duration.ofMinutes(6);

  @Test
  void allComeAndGo(TestNamespace namespace) {
    List<Integer> restartsBefore = operatorRestarts(namespace);
    Isvc real = namespace.isvc("real");

    Instant begin = Instant.now();
    namespace
        .kubectl("create", "-f", "-")
        .input(namespace.platform().images().named(yaml()))
        .limit(LIMIT)
        .output();
    namespace
        .kubectl(
            "wait",
            "isvc",
            "--all",
            "--for=condition=Ready",
            "--timeout=" + LIMIT.toSeconds() + "s")
        .limit(LIMIT.plusSeconds(10))
        .output();
    double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
    System.out.printf(
        "%d services were Ready after %.1f s: %.0f per second%n",
        MANY + 1, seconds, (MANY + 1) / seconds);

    assertThat(services(namespace)).hasSize(MANY + 1).allSatisfy(ManyServicesIT::isObserved);
    assertThat(services(namespace))
        .filteredOn(isvc -> !isvc.getMetadata().getName().equals("real"))
        .hasSize(MANY)
        .allSatisfy(ManyServicesIT::isScaledToZero);
    assertThat(real.predict(Prediction.REQUEST).classes()).containsExactly(0L, 1L, 2L);

    namespace.kubectl("delete", "isvc", "--all", "--wait=false").output();
    Await.until("nothing is left", LIMIT, () -> children(namespace), String::isEmpty);
    assertThat(operatorRestarts(namespace)).isEqualTo(restartsBefore);
  }

  private static void isObserved(InferenceService isvc) {
    assertThat(isvc.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(Isvc.condition(isvc.getStatus(), "Ready"))
        .satisfies(ready -> assertThat(ready.status()).isEqualTo("True"))
        .satisfies(ready -> assertThat(ready.observedGeneration()).isEqualTo(1));
  }

  private static void isScaledToZero(InferenceService isvc) {
    assertThat(Isvc.condition(isvc.getStatus(), "Ready").reason()).isEqualTo("ScaledToZero");
    assertThat(Isvc.condition(isvc.getStatus(), "Reconciling").status()).isEqualTo("False");
    assertThat(isvc.getStatus().replicas()).isZero();
  }

  /** The quick start's service, many times without pods and once with one. */
  private static String yaml() {
    String example = Checkout.text("examples/quickstart/isvc.yaml");
    Stream<String> idle =
        IntStream.range(0, MANY).mapToObj(i -> named(example, "idle-" + i) + "  replicas: 0\n");
    return Stream.concat(idle, Stream.of(named(example, "real")))
        .collect(Collectors.joining("---\n"));
  }

  private static String named(String example, String name) {
    return example.replaceFirst("(?m)^  name: iris$", "  name: " + name);
  }

  private static List<InferenceService> services(TestNamespace namespace) {
    return namespace
        .client()
        .resources(InferenceService.class)
        .inNamespace(namespace.name())
        .list()
        .getItems();
  }

  private static String children(TestNamespace namespace) {
    String kinds = "deployments,replicasets,pods,services,serviceaccounts,networkpolicies,pdb";
    return namespace
        .kubectl("get", kinds, "-o", "name", "-l", "modelweir.dev/inference-service")
        .output();
  }

  private static List<Integer> operatorRestarts(TestNamespace namespace) {
    return namespace.platform().operatorPods(namespace.platform().release()).stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .map(ContainerStatus::getRestartCount)
        .toList();
  }
}
