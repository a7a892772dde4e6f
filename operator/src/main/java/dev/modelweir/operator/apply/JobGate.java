package dev.modelweir.operator.apply;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Optional;
import java.util.Set;

/** Lets a suspended Job start. */
public final class JobGate {

  // Another manager than that of the Job's other fields, which are never written again.
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("modelweir-admission")
          .withForce(true)
          .build();
  // Deleted meanwhile, or deleted and made anew.
  private static final Set<Integer> GONE = Set.of(404, 409);

  private final KubernetesClient client;

  public JobGate(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @return the Job as it is now; absent when it is gone
   * @throws KubernetesClientException when the API server cannot answer now
   */
  public Optional<Job> open(Job job) {
    Job suspendOnly =
        new JobBuilder()
            .withNewMetadata()
            .withName(job.getMetadata().getName())
            .withNamespace(job.getMetadata().getNamespace())
            .withUid(job.getMetadata().getUid()) // a namesake made since is not meant
            .endMetadata()
            .withNewSpec()
            .withSuspend(false)
            .endSpec()
            .build();
    try {
      return Optional.of(client.resource(suspendOnly).patch(APPLY));
    } catch (KubernetesClientException e) {
      if (GONE.contains(e.getCode())) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
