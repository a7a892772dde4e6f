package dev.modelweir.operator.apply;

import dev.modelweir.api.v1alpha1.Condition;
import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.InferenceServiceStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the status of an InferenceService, and nothing when it already reads so. */
public final class StatusWriter {

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-status")
          .withForce(true)
          .build();

  // Deleted meanwhile, or deleted and made anew: its own event follows.
  private static final Set<Integer> GONE = Set.of(404, 409);

  private final KubernetesClient client;

  public StatusWriter(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes the status, unless it already reads so.
   *
   * @param isvc the service as last seen, with its status
   * @param listener is told of the answer, when a request was needed
   */
  public void write(InferenceService isvc, InferenceServiceStatus status, WriteListener listener) {
    if (same(isvc.getStatus(), status)) {
      return;
    }
    InferenceService skeleton = new InferenceService();
    // With the UID a namesake that was created since cannot receive this status.
    skeleton.setMetadata(
        new ObjectMetaBuilder()
            .withName(isvc.getMetadata().getName())
            .withNamespace(isvc.getMetadata().getNamespace())
            .withUid(isvc.getMetadata().getUid())
            .build());
    skeleton.setStatus(status);
    try {
      listener.wrote(
          client.resource(skeleton).subresource("status").patch(APPLY), Optional.of(isvc));
    } catch (KubernetesClientException e) {
      if (!GONE.contains(e.getCode())) {
        throw e;
      }
    }
  }

  /** Compares without the conditions that other managers may have added to the list. */
  private static boolean same(
      @Nullable InferenceServiceStatus live, InferenceServiceStatus wanted) {
    if (live == null || live.conditions() == null) {
      return false;
    }
    Set<String> ours =
        Objects.requireNonNull(wanted.conditions()).stream()
            .map(Condition::type)
            .collect(Collectors.toSet());
    List<Condition> liveOurs =
        live.conditions().stream().filter(c -> ours.contains(c.type())).toList();
    return withConditions(live, sorted(liveOurs))
        .equals(withConditions(wanted, sorted(wanted.conditions())));
  }

  private static List<Condition> sorted(@Nullable List<Condition> conditions) {
    return Objects.requireNonNull(conditions).stream()
        .sorted(Comparator.comparing(Condition::type))
        .toList();
  }

  private static InferenceServiceStatus withConditions(
      InferenceServiceStatus s, List<Condition> conditions) {
    return new InferenceServiceStatus(
        s.observedGeneration(),
        conditions,
        s.url(),
        s.replicas(),
        s.readyReplicas(),
        s.replicasSummary(),
        s.selector(),
        s.model(),
        s.traffic(),
        s.trafficSummary());
  }
}
