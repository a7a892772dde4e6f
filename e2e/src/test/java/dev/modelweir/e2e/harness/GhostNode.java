package dev.modelweir.e2e.harness;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A node that the scheduler takes for real and that has no machine: nobody runs what is placed on
 * it, and what a kubelet would say of a pod the test says.
 */
public final class GhostNode implements AutoCloseable {
  /** Label by which pods choose their nodes; the name of the node, unless it is given. */
  public static final String POOL = "e2e-pool";

  /** Without one for some 40 s the cluster takes a node for lost. */
  private static final int HEARTBEAT_SECONDS = 10;

  private final KubernetesClient client;
  private final String name;
  private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();

  private GhostNode(KubernetesClient client, String name) {
    this.client = client;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /**
   * Makes a Ready node that only pods with a toleration are placed on.
   *
   * @param taint key of the taint
   * @param labels besides the name of the host
   * @param resources besides those of an ordinary small node, as {@code 8} of {@code
   *     nvidia.com/gpu}
   */
  public static GhostNode create(
      Platform platform,
      String name,
      String taint,
      Map<String, String> labels,
      Map<String, String> resources) {
    Map<String, String> all = new TreeMap<>(Map.of("kubernetes.io/hostname", name, POOL, name));
    all.putAll(labels);
    KubernetesClient client = platform.client();
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(all)
                .endMetadata()
                .withNewSpec()
                .addNewTaint("NoSchedule", taint, null, "present")
                .endSpec()
                .build())
        .create();
    GhostNode ghost = new GhostNode(client, name);
    ghost.isReady(resources);
    ghost.heart.scheduleWithFixedDelay(
        () -> ghost.beat(resources), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    return ghost;
  }

  private void isReady(Map<String, String> resources) {
    String status = Serialization.asJson(Map.of("status", ready(resources)));
    // Whatever the node controller writes meanwhile.
    client
        .nodes()
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), status);
  }

  /** Waits until the cluster takes it for ready, for which it removes a taint of its own. */
  public void awaitSchedulable() {
    Await.until(
        "pods may be placed on node " + name,
        Isvc.PATIENCE,
        () -> client.nodes().withName(name).get().getSpec().getTaints(),
        taints ->
            taints.stream().noneMatch(taint -> taint.getKey().startsWith("node.kubernetes.io/")));
  }

  private void beat(Map<String, String> resources) {
    try {
      isReady(resources);
    } catch (KubernetesClientException busy) {
      // The next one comes in time.
    }
  }

  private static NodeStatus ready(Map<String, String> resources) {
    Map<String, Quantity> room =
        new TreeMap<>(
            Map.of(
                "cpu", new Quantity("16"),
                "memory", new Quantity("64Gi"),
                "pods", new Quantity("20")));
    resources.forEach((resource, amount) -> room.put(resource, new Quantity(amount)));
    return new NodeStatusBuilder()
        .withCapacity(room)
        .withAllocatable(room)
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withReason("Test")
        .withMessage("")
        .withLastHeartbeatTime(now())
        .withLastTransitionTime(now())
        .endCondition()
        .build();
  }

  /** The pods that have been placed here. */
  public List<Pod> pods() {
    return client.pods().inAnyNamespace().withField("spec.nodeName", name).list().getItems();
  }

  /** Says of a pod that all its containers run. */
  public static void run(KubernetesClient client, Pod placed) {
    client
        .pods()
        .resource(placed)
        .editStatus(pod ->
            new PodBuilder(pod)
                .editStatus()
                .withPhase("Running")
                .withContainerStatuses(
                    pod.getSpec().getContainers().stream()
                        .map(container -> running(container.getName()))
                        .toList())
                .endStatus()
                .build());
  }

  private static ContainerStatus running(String container) {
    return new ContainerStatusBuilder()
        .withName(container)
        .withImage("image")
        .withImageID("")
        .withRestartCount(0)
        .withReady(true)
        .withNewState()
        .withNewRunning(now())
        .endState()
        .build();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The machine is gone for good, with all that ran there. */
  public void delete() {
    heart.shutdownNow();
    client.nodes().withName(name).delete();
  }

  /** The same, without waiting until the cluster has noticed that the pods are gone. */
  @Override
  public void close() {
    pods().forEach(pod -> client.pods().resource(pod).withGracePeriod(0).delete());
    delete();
  }
}
