package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.operator.trainingjob.admission.Demand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts of pods that are kept, as there may be tens of thousands of them. */
final class LeanPods {

  private LeanPods() {}

  /** How much a pod takes of which node; all that it asks for is in one container. */
  static Pod room(Pod pod) {
    Map<String, String> labels = new HashMap<>();
    if (pod.getMetadata().getLabels() != null) {
      labels.putAll(pod.getMetadata().getLabels());
      labels.keySet().retainAll(Set.of(Api.TRAINING_JOB_LABEL, Api.ATTEMPT_LABEL));
    }
    Map<String, Quantity> requests = new HashMap<>();
    Demand.requests(pod.getSpec())
        .forEach((name, amount) -> requests.put(name, new Quantity(amount.toPlainString())));
    requests.remove(Demand.PODS);
    Container all =
        new ContainerBuilder()
            .withResources(new ResourceRequirementsBuilder().withRequests(requests).build())
            .build();
    return new PodBuilder()
        .withMetadata(identity(pod).withLabels(labels).build())
        .withNewSpec()
        .withNodeName(pod.getSpec().getNodeName())
        .withContainers(all)
        .endSpec()
        .withNewStatus()
        .withPhase(pod.getStatus() == null ? null : pod.getStatus().getPhase())
        .endStatus()
        .build();
  }

  /** What happens to a worker; of what was asked for only what messages name. */
  static Pod fate(Pod pod) {
    ObjectMeta metadata = pod.getMetadata();
    return new PodBuilder()
        .withMetadata(
            identity(pod)
                .withLabels(metadata.getLabels())
                .withCreationTimestamp(metadata.getCreationTimestamp())
                .withDeletionTimestamp(metadata.getDeletionTimestamp())
                .withDeletionGracePeriodSeconds(metadata.getDeletionGracePeriodSeconds())
                .build())
        .withNewSpec()
        .withNodeName(pod.getSpec().getNodeName())
        .withRestartPolicy(pod.getSpec().getRestartPolicy())
        .withContainers(limits(pod.getSpec().getContainers()))
        .withInitContainers(limits(pod.getSpec().getInitContainers()))
        .withVolumes(
            pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getImage() != null)
                .toList())
        .endSpec()
        .withStatus(pod.getStatus())
        .build();
  }

  private static ObjectMetaBuilder identity(Pod pod) {
    return new ObjectMetaBuilder()
        .withName(pod.getMetadata().getName())
        .withNamespace(pod.getMetadata().getNamespace())
        .withUid(pod.getMetadata().getUid())
        .withResourceVersion(pod.getMetadata().getResourceVersion())
        .withOwnerReferences(pod.getMetadata().getOwnerReferences());
  }

  private static List<Container> limits(List<Container> containers) {
    return containers.stream()
        .map(container ->
            new ContainerBuilder()
                .withName(container.getName())
                .withResources(container.getResources())
                .build())
        .toList();
  }
}
