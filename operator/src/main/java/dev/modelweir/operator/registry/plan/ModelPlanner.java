package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelSpec;
import dev.modelweir.api.v1alpha1.ModelVersion;
import dev.modelweir.operator.mlflow.plan.AllowedModels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Thinks out what the aliases of a Model stand for and which of its versions can go. */
public final class ModelPlanner {

  private ModelPlanner() {}

  /**
   * @param allowed which registered models of MLflow may be followed
   */
  public static ModelPlan plan(Model model, ModelObservation seen, AllowedModels allowed) {
    Optional<Followed> followed = Followed.of(model, seen, allowed);
    List<ResolvedAlias> aliases =
        Aliases.of(model.getSpec(), followed.map(Followed::aliases).orElse(List.of()), seen);
    return new ModelPlan(
        aliases,
        List.copyOf(followed.map(Followed::imports).orElse(List.of())),
        retired(model.getSpec(), seen, aliases));
  }

  /** The versions beyond the newest that are kept, save those that somebody uses. */
  private static List<HasMetadata> retired(
      @Nullable ModelSpec spec, ModelObservation seen, List<ResolvedAlias> aliases) {
    if (spec == null || spec.retention() == null || spec.retention().keepLast() == null) {
      return List.of();
    }
    Set<String> used = new HashSet<>();
    aliases.forEach(alias -> alias.versionName().ifPresent(used::add));
    seen.services().forEach(service -> used.addAll(ServiceUse.of(service).versions()));
    return seen.versions().stream()
        .filter(version -> version.getMetadata().getDeletionTimestamp() == null)
        .skip(spec.retention().keepLast())
        .filter(version -> !used.contains(version.getMetadata().getName()))
        .map((ModelVersion version) -> (HasMetadata) version)
        .toList();
  }
}
