package dev.modelweir.operator.registry.plan;

import dev.modelweir.operator.plan.Changes;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * What should be done for one Model.
 *
 * @param aliases what each alias stands for, by name
 * @param retired the versions that should go
 */
public record ModelPlan(List<ResolvedAlias> aliases, List<HasMetadata> retired) implements Changes {

  public ModelPlan {
    aliases = List.copyOf(aliases);
    retired = List.copyOf(retired);
  }

  @Override
  public List<HasMetadata> desired() {
    return List.of();
  }

  @Override
  public List<HasMetadata> obsolete() {
    return retired;
  }

  @Override
  public List<Refusal> refusals() {
    return List.of();
  }
}
