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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Accelerators on the real scheduler. The devices are made up: the node advertises them as a device
 * plugin would, and carries the labels of GPU feature discovery.
 */
@EndToEnd
@Order(5)
class AcceleratorIT {
  private static final List<String> LABELS =
      List.of(
          "nvidia.com/gpu.product=Made-Up-16GB",
          "nvidia.com/gpu.memory=16384",
          "nvidia.com/gpu.replicas=4");
  private static final List<String> RESOURCES =
      List.of("nvidia.com/gpu=2", "nvidia.com/mig-1g.10gb=1", "nvidia.com/gpu.shared=4");

  private final TestNamespace namespace;

  AcceleratorIT(TestNamespace namespace) {
    this.namespace = namespace;
  }

  @BeforeAll
  static void advertise(Platform platform, EmbeddedCluster whoseNodeMayBeChanged) {
    patchCapacity(platform, RESOURCES.stream().map(AcceleratorIT::add));
    label(platform, LABELS.stream());
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
    label(platform, LABELS.stream().map(label -> name(label) + "-"));
  }

  @Test
  void wholeDevicesGoToWhoAsksAndTheNextOneWaits() {
    Isvc two =
        namespace.isvc("whole").apply(wants("count: 2, products: [Made-Up-16GB], minMemory: 16Gi"));
    two.awaitReady();
    Isvc late = namespace.isvc("late").apply(wants("count: 1"));
    late.awaitReason(Reason.UNSCHEDULABLE);
    assertThat(message(late)).contains("no node has enough nvidia.com/gpu");
    two.delete();
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
  }

  @Test
  void whatNoNodeCanEverGiveIsSaidWithWhatThereIs() {
    Isvc isvc = namespace.isvc("impossible").apply(wants("count: 3"));
    isvc.awaitReason(Reason.IMPOSSIBLE_ACCELERATOR);
    assertThat(message(isvc))
        .contains("a pod needs 3 nvidia.com/gpu and the largest node that matches has 2")
        .contains("available: 1 node with 2 nvidia.com/gpu")
        .contains("(Made-Up-16GB, 16384 MiB)");
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
