package dev.modelweir.operator.registry.plan;

import dev.modelweir.api.v1alpha1.InferenceService;
import dev.modelweir.api.v1alpha1.Model;
import dev.modelweir.api.v1alpha1.ModelAlias;
import dev.modelweir.api.v1alpha1.ModelVersion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who uses one version, so that it must be kept.
 *
 * @param aliases the aliases of its Model that stand for it, by name
 * @param services the InferenceServices that ask for it or still serve it, by name
 */
public record Users(List<String> aliases, List<String> services) {

  public Users {
    aliases = List.copyOf(aliases);
    services = List.copyOf(services);
  }

  /**
   * @param model the Model of the version, if there is one
   * @param candidates services that may use the version; others do no harm
   */
  public static Users of(
      ModelVersion version, Optional<Model> model, Collection<InferenceService> candidates) {
    String name = version.getMetadata().getName();
    TreeSet<String> services = new TreeSet<>();
    candidates.stream()
        .filter(service -> ServiceUse.of(service).versions().contains(name))
        .forEach(service -> services.add(service.getMetadata().getName()));
    return new Users(
        model.map(owner -> aliases(owner, name)).orElse(List.of()), List.copyOf(services));
  }

  public boolean isEmpty() {
    return aliases.isEmpty() && services.isEmpty();
  }

  /** What the Model says, and what it was told to say and may not have said yet. */
  @SuppressWarnings("NullAway") // a Model may be without spec, and is without status at first
  private static List<String> aliases(Model model, String version) {
    if (model.getMetadata().getDeletionTimestamp() != null) {
      return List.of();
    }
    TreeSet<String> aliases = new TreeSet<>();
    if (model.getStatus() != null && model.getStatus().aliases() != null) {
      model.getStatus().aliases().stream()
          .filter(alias -> version.equals(alias.version()))
          .map(ModelAlias::name)
          .forEach(aliases::add);
    }
    if (model.getSpec() != null && model.getSpec().aliases() != null) {
      model.getSpec().aliases().entrySet().stream()
          .filter(entry -> entry.getValue().equals(version))
          .map(Map.Entry::getKey)
          .forEach(aliases::add);
    }
    return List.copyOf(aliases);
  }
}
