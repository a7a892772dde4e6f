package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Training.condition;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.api.v1alpha1.TrainingJobStatus;
import dev.modelweir.api.v1alpha1.TrainingPhase;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Processes;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import dev.modelweir.e2e.harness.WorkersWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Accelerators by claims, from a real driver that has four devices. */
@EndToEnd
@Order(6)
class DynamicResourceIT {
  @AutoClose private static TruthWatch truth;

  private final TestNamespace namespace;

  DynamicResourceIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void install(EmbeddedCluster cluster, TestNamespace namespace) {
    truth = new TruthWatch(namespace);
    cluster.installDeviceDriver();
    template(namespace, "one", "");
    template(namespace, "first-two", "device.attributes['gpu.example.com'].index < 2");
    template(namespace, "none", "device.attributes['gpu.example.com'].index > 99");
  }

  @AfterAll
  static void remove(EmbeddedCluster cluster, TestNamespace namespace) {
    namespace.kubectl("delete", "isvc,tj", "--all").output();
    awaitClaims(namespace, 0);
    cluster.removeDeviceDriver();
    truth.assertKept();
  }

  @Test
  void eachPodHasADeviceOfItsOwnAndAGangWaitsForAllOfThem() {
    Isvc served = namespace.isvc("served").apply(service("one"));
    served.awaitReady();
    List<String> serving = devices(namespace.podsOf("served"));
    assertThat(serving).hasSize(1);

    try (WorkersWatch watch = new WorkersWatch(namespace)) {
      Training first = namespace.training("first").apply(gang(3, "one"));
      first.awaitPhase(TrainingPhase.RUNNING);
      List<String> training = devices(first.pods());
      assertThat(Stream.concat(serving.stream(), training.stream()))
          .containsExactlyInAnyOrder("gpu-0", "gpu-1", "gpu-2", "gpu-3");
      assertThat(first.status().accelerators()).isEqualTo(3);

      Training second = namespace.training("second").apply(gang(3, "one"));
      TrainingJobStatus waiting = second.awaitReason(Reason.WAITING_FOR_CAPACITY);
      assertThat(waiting.phase()).isEqualTo(TrainingPhase.QUEUED);
      assertThat(queue(waiting))
          .contains("room for 0 of 3 workers")
          .contains("gpu.example.com/device 1");
      assertThat(second.pods()).isEmpty();

      assertThat(first.awaitSucceeded().restartsTotal()).isZero();
      assertThat(second.awaitSucceeded().restartsTotal()).isZero();
      assertThat(watch.mostAtOnce()).isEqualTo(3);
    }
    awaitClaims(namespace, 1);
    served.delete();
    awaitClaims(namespace, 0);
  }

  @Test
  void whatThereIsNotIsSaidAtOnce() {
    Training tooLarge = namespace.training("too-large").apply(gang(5, "one"));
    Training lost = namespace.training("lost").apply(gang(1, "later"));
    Isvc unfit = namespace.isvc("unfit").apply(service("none"));
    Isvc waits = namespace.isvc("waits").apply(service("later"));

    assertThat(queue(tooLarge.awaitReason(Reason.EXCEEDS_CAPACITY)))
        .contains("even if nothing else ran there, have room for 4 of 5 workers");
    assertThat(tooLarge.pods()).isEmpty();
    tooLarge.delete();

    TrainingJobStatus refused = lost.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(condition(refused, "Stalled").status()).isEqualTo("True");
    assertThat(condition(refused, "Succeeded").message())
        .contains("there is no ResourceClaimTemplate later in namespace " + namespace.name());
    assertThat(lost.pods()).isEmpty();
    waits.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(message(waits)).contains("there is no ResourceClaimTemplate later");

    unfit.awaitReason(Reason.UNSCHEDULABLE);
    assertThat(message(unfit))
        .contains("no node has the devices left that the claim of pod unfit-");
    unfit.delete();

    template(namespace, "later", "");
    lost.awaitSucceeded();
    waits.awaitReady();
    waits.delete();
    awaitClaims(namespace, 0);
  }

  /** The conditions of a claim are known to the scheduler alone, which finds two of three. */
  @Test
  void aGangThatTurnsOutNotToFitIsTakenBackAsAWhole() {
    Training gang =
        namespace
            .training("half")
            .apply(gang(3, "first-two") + "scheduling: {gangTimeoutSeconds: 10}\n");
    TrainingJobStatus back = gang.awaitReason(Reason.GANG_TIMEOUT);
    assertThat(condition(back, "Succeeded").message())
        .contains("2 of 3 workers started")
        .contains("no node has the devices left");
    assertThat(back.startedAt()).as("it never ran as a whole").isNull();
    gang.suspend(true);
    gang.awaitPhase(TrainingPhase.SUSPENDED);
    awaitClaims(namespace, 0);
  }

  private static String gang(int workers, String template) {
    return Trainings.iris("--min-step-millis", "40")
        + """
          accelerator: {vendor: NVIDIA, resourceClaimTemplate: %s}
        workers: %d
        """
            .formatted(template, workers);
  }

  private static String service(String template) {
    return """
    model:
      format: ONNX
      storageUri: oci://registry.modelweir.dev/examples/iris:v1
    runtime:
      accelerator: {vendor: NVIDIA, resourceClaimTemplate: %s}
    """
        .formatted(template);
  }

  private static void template(TestNamespace namespace, String name, String condition) {
    namespace.apply(
        """
        apiVersion: resource.k8s.io/v1
        kind: ResourceClaimTemplate
        metadata: {name: %s}
        spec:
          spec:
            devices:
              requests:
                - name: gpu
                  exactly:
                    deviceClassName: gpu.example.com
                    selectors: [%s]
        """
            .formatted(
                name, condition.isEmpty() ? "" : "{cel: {expression: \"" + condition + "\"}}"));
  }

  /** What the driver tells the programs of these pods, by the container runtime. */
  private static List<String> devices(List<Pod> pods) {
    return pods.stream()
        .map(Processes::environment)
        .flatMap(environment ->
            environment.entrySet().stream()
                .filter(entry -> entry.getKey().matches("GPU_DEVICE_\\d+"))
                .map(entry -> entry.getValue()))
        .toList();
  }

  private static void awaitClaims(TestNamespace namespace, int count) {
    Await.until(
        "%d claims are left".formatted(count),
        Isvc.PATIENCE,
        () -> namespace.kubectl("get", "resourceclaims", "-o", "name").output(),
        names -> names.lines().count() == count);
  }

  private static String queue(TrainingJobStatus status) {
    return Objects.requireNonNullElse(requireNonNull(status.queue()).message(), "");
  }

  private static String message(Isvc isvc) {
    return String.valueOf(Isvc.condition(isvc.status(), "Ready").message());
  }
}
