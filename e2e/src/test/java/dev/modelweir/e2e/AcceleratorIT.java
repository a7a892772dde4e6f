package dev.modelweir.e2e;

import static dev.modelweir.e2e.harness.Isvc.condition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import dev.modelweir.api.v1alpha1.Reason;
import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.EmbeddedCluster;
import dev.modelweir.e2e.harness.EndToEnd;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.Platform;
import dev.modelweir.e2e.harness.TestNamespace;
import dev.modelweir.e2e.harness.Training;
import dev.modelweir.e2e.harness.Trainings;
import dev.modelweir.e2e.harness.TruthWatch;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Accelerators on the real scheduler. The cluster has four devices from a device plugin, with the
 * labels of GPU feature discovery; the node advertises a slice and shares as such a plugin would.
 */
@EndToEnd
@Order(5)
class AcceleratorIT {
  private static final String REPLICAS = "nvidia.com/gpu.replicas=";
  private static final List<String> RESOURCES =
      List.of("nvidia.com/mig-1g.10gb=1", "nvidia.com/gpu.shared=4");

  @AutoClose private static TruthWatch truth;

  private final TestNamespace namespace;

  AcceleratorIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void advertise(
      Platform platform, TestNamespace namespace, EmbeddedCluster whoseNodeMayBeChanged) {
    truth = new TruthWatch(namespace);
    patchCapacity(platform, RESOURCES.stream().map(AcceleratorIT::add));
    label(platform, Stream.of(REPLICAS + 4));
    Await.until(
        "the kubelet counts the devices",
        Isvc.PATIENCE,
        () ->
            platform
                .client()
                .nodes()
                .withName(node(platform))
                .get()
                .getStatus()
                .getAllocatable()
                .keySet(),
        resources -> RESOURCES.stream().allMatch(r -> resources.contains(name(r))));
  }

  @AfterAll
  static void withdraw(Platform platform) {
    patchCapacity(
        platform,
        RESOURCES.stream().map(r -> "{\"op\": \"remove\", \"path\": \"%s\"}".formatted(path(r))));
    label(platform, Stream.of(REPLICAS + 1));
    truth.assertKept();
  }

  @Test
  void wholeDevicesGoToWhoAsksAndTheNextOneWaits() {
    Isvc three =
        namespace
            .isvc("whole")
            .apply(wants("count: 3, products: [NVIDIA-H100-80GB-HBM3], minMemory: 64Gi"));
    three.awaitReady();
    Isvc late = namespace.isvc("late").apply(wants("count: 2"));
    late.awaitReason(Reason.UNSCHEDULABLE);
    assertThat(message(late)).contains("no node has enough nvidia.com/gpu");
    three.delete();
    late.awaitReady();
    late.delete();
  }

  @Test
  void aSliceAndSharesOfADevice() {
    Isvc slice = namespace.isvc("slice").apply(wants("migProfile: 1g.10gb"));
    Isvc share = namespace.isvc("share").apply(wants("sharedFraction: 250m"));
    Isvc other = namespace.isvc("other").apply(wants("sharedFraction: 250m"));
    slice.awaitReady();
    share.awaitReady();
    other.awaitReady();
    slice.delete();
    share.delete();
    other.delete();
  }

  @Test
  void trainingsOnASliceAndOnSharesOfADevice() {
    Training slice = trains("on-slice", "migProfile: 1g.10gb", 1);
    Training shares = trains("on-shares", "sharedFraction: 250m", 2);
    assertThat(slice.awaitSucceeded().accelerators()).isEqualTo(1);
    shares.awaitSucceeded();
    assertThat(limits(slice)).containsEntry("nvidia.com/mig-1g.10gb", new Quantity("1"));
    assertThat(limits(shares)).containsEntry("nvidia.com/gpu.shared", new Quantity("1"));
  }

  private Training trains(String name, String accelerator, int workers) {
    return namespace
        .training(name)
        .apply(
            Trainings.iris("--epochs", "1")
                + "  accelerator: {vendor: NVIDIA, %s}\nworkers: %d\n"
                    .formatted(accelerator, workers));
  }

  private static Map<String, Quantity> limits(Training training) {
    return training.worker(0, 0).getSpec().getContainers().getFirst().getResources().getLimits();
  }

  @Test
  void whatNoNodeCanEverGiveIsSaidWithWhatThereIs() {
    Isvc isvc = namespace.isvc("impossible").apply(wants("count: 5"));
    isvc.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(message(isvc))
        .contains("a pod needs 5 nvidia.com/gpu and the largest node that matches has 4")
        .contains("available: 1 node with 4 nvidia.com/gpu")
        .contains("(NVIDIA-H100-80GB-HBM3, 81559 MiB)");
    assertThat(condition(isvc.status(), "Stalled").status()).isEqualTo("True");

    isvc.apply(wants("migProfile: 7g.80gb"));
    isvc.await(
        "says that there is no such slice",
        status -> message(status).contains("no node has nvidia.com/mig-7g.80gb"));
    isvc.apply(wants("sharedFraction: 500m"));
    isvc.await(
        "says that the shares are too small",
        status -> message(status).contains("matches nvidia.com/gpu.replicas<3"));
    isvc.apply(wants("sharedFraction: 250m"));
    isvc.awaitReady();
  }

  private static String wants(String accelerator) {
    return """
    model:
      format: ONNX
      storageUri: oci://registry.modelweir.dev/examples/iris:v1
    runtime:
      accelerator: {vendor: NVIDIA, %s}
    """
        .formatted(accelerator);
  }

  private static String message(Isvc isvc) {
    return message(isvc.status());
  }

  private static String message(InferenceServiceStatus status) {
    return String.valueOf(condition(status, "Ready").message());
  }

  private static String node(Platform platform) {
    return platform.client().nodes().list().getItems().getFirst().getMetadata().getName();
  }

  private static void label(Platform platform, Stream<String> labels) {
    platform
        .kubectl()
        .with("label", "--overwrite", "node", node(platform))
        .with(labels.toArray(String[]::new))
        .output();
  }

  private static void patchCapacity(Platform platform, Stream<String> operations) {
    platform
        .kubectl()
        .with("patch", "node", node(platform), "--subresource=status", "--type=json")
        .with("--patch", operations.toList().toString())
        .output();
  }

  private static String add(String resource) {
    return "{\"op\": \"add\", \"path\": \"%s\", \"value\": \"%s\"}"
        .formatted(path(resource), resource.substring(resource.indexOf('=') + 1));
  }

  private static String path(String resource) {
    return "/status/capacity/" + name(resource).replace("/", "~1");
  }

  private static String name(String pair) {
    return pair.substring(0, pair.indexOf('='));
  }
}
