package dev.modelweir.operator.trainingjob;

import dev.modelweir.api.v1alpha1.Api;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps of each pod only what says how much of which node it takes. */
final class LeanPods implements ItemStore<Pod> {

  private final Map<String, Pod> pods = new ConcurrentHashMap<>();

  @Override
  public String getKey(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  @Override
  public @Nullable Pod put(String key, Pod pod) {
    return pods.put(key, lean(pod));
  }

  @Override
  public @Nullable Pod remove(String key) {
    return pods.remove(key);
  }

  @Override
  public Stream<String> keySet() {
    return pods.keySet().stream();
  }

  @Override
  public Stream<Pod> values() {
    return pods.values().stream();
  }

  @Override
  public int size() {
    return pods.size();
  }

  @Override
  public @Nullable Pod get(String key) {
    return pods.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private static Pod lean(Pod pod) {
    Map<String, String> labels = new HashMap<>();
    if (pod.getMetadata().getLabels() != null) {
      labels.putAll(pod.getMetadata().getLabels());
      labels.keySet().retainAll(Set.of(Api.TRAINING_JOB_LABEL, Api.ATTEMPT_LABEL));
    }
    return new PodBuilder()
        .withNewMetadata()
        .withName(pod.getMetadata().getName())
        .withNamespace(pod.getMetadata().getNamespace())
        .withUid(pod.getMetadata().getUid())
        .withResourceVersion(pod.getMetadata().getResourceVersion())
        .withLabels(labels)
        .withOwnerReferences(pod.getMetadata().getOwnerReferences())
        .endMetadata()
        .withNewSpec()
        .withNodeName(pod.getSpec().getNodeName())
        .withOverhead(pod.getSpec().getOverhead())
        .withContainers(resources(pod.getSpec().getContainers()))
        .withInitContainers(resources(pod.getSpec().getInitContainers()))
        .endSpec()
        .withNewStatus()
        .withPhase(pod.getStatus() == null ? null : pod.getStatus().getPhase())
        .endStatus()
        .build();
  }

  private static List<Container> resources(List<Container> containers) {
    return containers.stream()
        .map(container ->
            new ContainerBuilder()
                .withName(container.getName())
                .withRestartPolicy(container.getRestartPolicy())
                .withResources(container.getResources())
                .build())
        .toList();
  }
}
