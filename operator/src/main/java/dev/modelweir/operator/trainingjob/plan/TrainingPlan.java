package dev.modelweir.operator.trainingjob.plan;

import dev.modelweir.operator.plan.Changes;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * What should be done for one TrainingJob.
 *
 * @param desired objects that should exist, in the order in which to write them
 * @param obsolete objects that should go
 */
public record TrainingPlan(List<HasMetadata> desired, List<HasMetadata> obsolete)
    implements Changes {

  public TrainingPlan {
    desired = List.copyOf(desired);
    obsolete = List.copyOf(obsolete);
  }

  @Override
  public List<Refusal> refusals() {
    return List.of();
  }
}
