package dev.modelweir.operator.apply;

import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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

  // Answers of an admission policy or a webhook, which are the same a moment later.
  private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

  private final KubernetesClient client;

  /** What came of it. */
  public sealed interface Answer {

    /** It may start; this is how it is now. */
    record Open(Job job) implements Answer {}

    /** Whoever admits Jobs does not want it. */
    record Refused(Refusal refusal) implements Answer {}

    /** There is no such Job any more. */
    record Gone() implements Answer {}
  }

  public JobGate(KubernetesClient client) {
    this.client = client;
  }

  /**
   * @throws KubernetesClientException when the API server cannot answer now
   */
  public Answer open(Job job) {
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
      return new Answer.Open(client.resource(suspendOnly).patch(APPLY));
    } catch (KubernetesClientException e) {
      if (GONE.contains(e.getCode())) {
        return new Answer.Gone();
      }
      if (REFUSED.contains(e.getCode()) || Refusals.isOfWebhook(e)) {
        return new Answer.Refused(Refusals.ofStart(job, e));
      }
      throw e;
    }
  }
}
