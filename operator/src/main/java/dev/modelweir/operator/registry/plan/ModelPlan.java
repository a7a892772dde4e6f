package dev.modelweir.operator.registry.plan;

import dev.modelweir.operator.plan.Changes;
import dev.modelweir.operator.plan.Refusal;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * What should be done for one Model.
 *
 * @param aliases what each alias stands for, by name
 * @param imports the versions that MLflow has and that should be here
 * @param retired the versions that should go
 */
public record ModelPlan(
    List<ResolvedAlias> aliases, List<HasMetadata> imports, List<HasMetadata> retired)
    implements Changes {

  public ModelPlan {
    aliases = List.copyOf(aliases);
    imports = List.copyOf(imports);
    retired = List.copyOf(retired);
  }

  @Override
  public List<HasMetadata> desired() {
    return imports;
  }

  @Override
  public List<HasMetadata> obsolete() {
    return retired;
  }

  @Override
  public List<Refusal> refusals() {
    return List.of();
  }

  /** The same for a Model that is on its way out, which makes and retires nothing any more. */
  public ModelPlan aliasesAlone() {
    return new ModelPlan(aliases, List.of(), List.of());
  }
}
