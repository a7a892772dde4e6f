package dev.modelweir.operator.inferenceservice.plan;

import dev.modelweir.api.v1alpha1.Api;
import dev.modelweir.operator.accelerator.NodeFacts;
import dev.modelweir.operator.plan.Seen;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator saw of one InferenceService, taken from its caches at one moment.
 *
 * @param children the objects that the service owns, of every kind the operator makes
 * @param pods the pods of all its revisions
 * @param podWarnings the latest warning event of pods that have hung while starting, by pod name
 * @param registered the registered model that the service names, if it names one
 * @param nodes the nodes, where the service wants an accelerator and they are watched
 * @param templateMissing whether there is no such ResourceClaimTemplate as the service names
 */
public record Observation(
    List<HasMetadata> children,
    List<Pod> pods,
    Map<String, String> podWarnings,
    Registered registered,
    List<NodeFacts> nodes,
    boolean templateMissing)
    implements Seen {

  public Observation {
    children = List.copyOf(children);
    pods = List.copyOf(pods);
    podWarnings = Map.copyOf(podWarnings);
    nodes = List.copyOf(nodes);
  }

  public Observation(List<HasMetadata> children, List<Pod> pods) {
    this(children, pods, Map.of(), Registered.NOTHING, List.of(), false);
  }

  public Optional<Deployment> deployment(String revision) {
    return deployments().stream()
        .filter(deployment -> deployment.getMetadata().getName().equals(revision))
        .findFirst();
  }

  public List<Deployment> deployments() {
    return ofType(Deployment.class);
  }

  /** The revision that the Service sends requests to, if the Service exists. */
  public Optional<String> servingRevision() {
    return ofType(Service.class).stream()
        .map(service -> service.getSpec().getSelector())
        .flatMap(selector -> Optional.ofNullable(selector.get(Api.REVISION_LABEL)).stream())
        .findFirst();
  }

  /** The pods of one revision that are not on their way out. */
  public List<Pod> livePods(String revision) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(pod -> revision.equals(pod.getMetadata().getLabels().get(Api.REVISION_LABEL)))
        .toList();
  }
}
