package dev.modelweir.operator.testing;

import dev.modelweir.operator.plan.Ownership;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What the Job controller and the kubelets would do, on a server that has none. */
public record Controllers(KubernetesClient client, String namespace, Clock clock) {

  /** The Job begins, and so many of its pods run. */
  public void start(Job job, int workers) {
    String now = now();
    update(new JobBuilder(job).withNewStatus().withStartTime(now).endStatus().build());
    ContainerState running = new ContainerStateBuilder().withNewRunning(now).build();
    for (int worker = 0; worker < workers; worker++) {
      client.resource(pod(job, worker, "train", "Running", running)).create();
    }
  }

  /** The only pod of the Job ran, left this message and ended well, and so the Job. */
  public void run(Job job, String container, String message) {
    ContainerState ended =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(0)
            .withMessage(message)
            .withFinishedAt(now())
            .endTerminated()
            .build();
    client.resource(pod(job, 0, container, "Succeeded", ended)).create();
    end(job.getMetadata().getName(), "Complete", "");
  }

  /** Those of the pods that run end. */
  public void end(List<Pod> pods, String phase, int exitCode) {
    for (Pod pod : pods) {
      if ("Running".equals(pod.getStatus().getPhase())) {
        pod.getMetadata().setResourceVersion(null);
        client.resource(ended(pod, phase, exitCode)).updateStatus();
      }
    }
  }

  private Pod ended(Pod pod, String phase, int exitCode) {
    ContainerState before = pod.getStatus().getContainerStatuses().getFirst().getState();
    return new PodBuilder(pod)
        .editStatus()
        .withPhase(phase)
        .editFirstContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withExitCode(exitCode)
        .withStartedAt(before.getRunning().getStartedAt())
        .withFinishedAt(now())
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  /**
   * The Job gets its last condition.
   *
   * @param type Complete or Failed
   */
  public void end(String job, String type, String message) {
    Job live = client.batch().v1().jobs().inNamespace(namespace).withName(job).get();
    update(
        new JobBuilder(Objects.requireNonNull(live, () -> "there is no Job " + job))
            .editOrNewStatus()
            .withCompletionTime(type.equals("Complete") ? now() : null)
            .addNewCondition()
            .withType(type)
            .withStatus("True")
            .withMessage(message)
            .withLastTransitionTime(now())
            .endCondition()
            .endStatus()
            .build());
  }

  private void update(Job job) {
    job.getMetadata().setResourceVersion(null);
    client.resource(job).updateStatus();
  }

  private String now() {
    return Instant.now(clock).toString();
  }

  private Pod pod(Job job, int index, String container, String phase, ContainerState state) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(job.getMetadata().getName() + "-" + index)
        .withNamespace(namespace)
        .withLabels(job.getSpec().getTemplate().getMetadata().getLabels())
        .withOwnerReferences(Ownership.reference(job))
        .endMetadata()
        .withNewSpec()
        .withNodeName("node-1")
        .addNewContainer()
        .withName(container)
        .withNewResources()
        .addToRequests("cpu", new Quantity("1"))
        .endResources()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .addNewContainerStatus()
        .withName(container)
        .withState(state)
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
